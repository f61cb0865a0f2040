import { createParser } from "eventsource-parser";
import type { Position } from "./api/types";
import { Problem, problemIn } from "./api/request";
import { backoffSeconds } from "./backoff";

export type StreamState = "connecting" | "live" | "lost";

export interface StreamOptions {
  url: string;
  headers?: () => Record<string, string>;
  /** Where to begin. Called before every connection with the seconds since the last sign of
   * life (null at first) and the last position seen; fetches the state anew where that is safer. */
  begin: (silentSeconds: number | null, last: Position | null) => Promise<Position>;
  onEvent: (kind: string, data: unknown) => void;
  onState?: (state: StreamState) => void;
  /** The desk has just shown that it is there: events, or a heartbeat every 15 seconds. */
  onSign?: () => void;
  /** A refusal that trying again cannot mend (401, 403, 404). The stream has stopped. */
  onRefused: (problem: Problem) => void;
  /** Give the connection up while nobody looks, and catch up when somebody does. A browser
   * opens six connections to a desk over HTTP/1.1: seven forgotten tabs would block the eighth. */
  restsWhenHidden?: boolean;
  fetch?: typeof fetch;
}

/** No sign of life for this long, heartbeats (15 s) included, means the line is dead. */
const SILENCE_SECONDS = 35;
const TICK_SECONDS = 5;
/** Timers that fire this late slept with the machine. */
const SLEPT_SECONDS = 20;
/** A page hidden for this long is not about to be looked at again. */
const REST_AFTER_SECONDS = 30;

/** Reads one event stream for as long as it is open, across lost connections and sleep.
 *
 * Resumes from the last event id seen; backs off with jitter; tries at once when the browser
 * says it is online again, the page is looked at again, or the machine wakes up. */
export class EventStream {
  #closed = false;
  #cut: AbortController | null = null;
  #wake: (() => void) | null = null;
  #last: Position | null = null;
  #lastSign: number | null = null;
  #lastTick = Date.now();
  #failures = 0;
  #state: StreamState | null = null;
  #hiddenSince = globalThis.document?.visibilityState === "hidden" ? Date.now() : null;
  #ticker: ReturnType<typeof setInterval>;

  constructor(private readonly options: StreamOptions) {
    this.#ticker = setInterval(() => this.#tick(), TICK_SECONDS * 1000);
    globalThis.addEventListener?.("online", this.#again);
    globalThis.addEventListener?.("offline", this.#offline);
    globalThis.addEventListener?.("pageshow", this.#shown);
    globalThis.document?.addEventListener("visibilitychange", this.#looked);
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#ticker);
    globalThis.removeEventListener?.("online", this.#again);
    globalThis.removeEventListener?.("offline", this.#offline);
    globalThis.removeEventListener?.("pageshow", this.#shown);
    globalThis.document?.removeEventListener("visibilitychange", this.#looked);
    this.#cut?.abort();
    this.#wake?.();
  }

  /** Drop the present connection, if any, and connect now. */
  reconnect(): void {
    this.#failures = 0;
    this.#cut?.abort();
    this.#wake?.();
  }

  #again = () => this.reconnect();
  #offline = () => this.#become("lost");
  #shown = (event: Event) => {
    if ((event as PageTransitionEvent).persisted) this.reconnect();
  };
  #looked = () => {
    this.#hiddenSince = document.visibilityState === "visible" ? null : Date.now();
    if (this.#hiddenSince !== null) return;
    if (this.#wake || this.#silentSeconds() > SILENCE_SECONDS / 2) this.reconnect();
  };

  #become(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.options.onState?.(state);
  }

  #silentSeconds(): number {
    return this.#lastSign === null ? 0 : (Date.now() - this.#lastSign) / 1000;
  }

  #isResting(): boolean {
    if (!this.options.restsWhenHidden || this.#hiddenSince === null) return false;
    return Date.now() - this.#hiddenSince > REST_AFTER_SECONDS * 1000;
  }

  #tick(): void {
    const slept = (Date.now() - this.#lastTick) / 1000 - TICK_SECONDS;
    this.#lastTick = Date.now();
    if (this.#isResting()) this.#cut?.abort();
    else if (slept > SLEPT_SECONDS) this.reconnect();
    else if (this.#cut && this.#lastSign !== null && this.#silentSeconds() > SILENCE_SECONDS) this.#cut.abort();
  }

  async #run(): Promise<void> {
    this.#become("connecting");
    while (!this.#closed) {
      this.#cut = new AbortController();
      try {
        await this.#read(this.#cut.signal);
        this.#failures = Math.max(this.#failures, 1); // The desk ended it in good order: come back soon.
      } catch (failed) {
        if (failed instanceof Problem && !failed.isTemporary) return this.#refused(failed);
        if (!this.#cut.signal.aborted) this.#failures += 1;
      }
      this.#cut = null;
      if (this.#closed) return;
      if (this.#isResting()) {
        this.#become("connecting");
        await this.#pause(Infinity);
        continue;
      }
      this.#become("lost");
      await this.#pause(backoffSeconds(this.#failures) * (this.#failures === 0 ? 0 : 1));
    }
  }

  #refused(problem: Problem): void {
    if (this.#closed) return;
    this.close();
    this.options.onRefused(problem);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { begin, url, headers } = this.options;
    this.#last = await begin(this.#lastSign === null ? null : this.#silentSeconds(), this.#last);
    if (signal.aborted) return;
    this.#lastSign = Date.now();
    const response = await (this.options.fetch ?? fetch)(url, {
      headers: { Accept: "text/event-stream", ...headers?.(), "Last-Event-ID": String(this.#last) },
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
    if (!response.ok || !response.body) throw await problemIn(response);
    this.#failures = 0;
    this.#lastSign = Date.now();
    this.#become("live");
    await this.#follow(response.body.getReader(), signal);
  }

  async #follow(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (signal.aborted) return;
        this.options.onEvent(event ?? "message", JSON.parse(data));
        if (id !== undefined) this.#last = id;
      },
    });
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#lastSign = Date.now();
      this.#become("live"); // Whatever the browser believes of its network: this line speaks.
      this.options.onSign?.();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(seconds) ? setTimeout(() => this.#wake?.(), seconds * 1000) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
