import type { Problem } from "./api/request";
import { backoffSeconds } from "./backoff";
import { freshId, type Store } from "./storage";

export interface Unsent {
  client_id: string;
  text: string;
  quick_reply: { turn_id: string; index: number } | null;
  /** The conversation it is for, where the screen has several. */
  to: string | null;
  created_at: string;
  /** `sending` is tried until it is acknowledged; `refused` waits for its writer. */
  state: "sending" | "refused";
  /** Failed tries of the present run, so that the screen can say that it takes long. */
  failures: number;
  /** Why it was refused: status and code of the problem. */
  problem: { status: number; code: string; detail: string } | null;
}

/** Delivers one message; resolves when the desk has acknowledged it, throws `Problem` if not. */
export type Deliver = (message: Unsent) => Promise<void>;

/** Messages that the desk has not acknowledged yet, in the order they were written.
 *
 * Each is stored before it is first sent and keeps its client_id through every retry, reload
 * and tab, so the desk recognises it: nothing is lost and nothing doubled. Sent one at a time,
 * so that they arrive in order; a refused one does not hold up those behind it. */
export class Outbox {
  #messages: Unsent[];
  #running = false;
  #closed = false;
  #wake: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly key: string,
    private readonly deliver: Deliver,
    private readonly onChange: (messages: Unsent[]) => void,
  ) {
    this.#messages = this.#stored();
    globalThis.addEventListener?.("online", this.hurry);
    globalThis.addEventListener?.("storage", this.#changedElsewhere);
  }

  get messages(): readonly Unsent[] {
    return this.#messages;
  }

  add(text: string, { quick_reply = null, to = null }: Partial<Pick<Unsent, "quick_reply" | "to">> = {}): Unsent {
    const message: Unsent = {
      client_id: freshId(),
      text,
      quick_reply,
      to,
      created_at: new Date().toISOString(),
      state: "sending",
      failures: 0,
      problem: null,
    };
    this.#keep((kept) => [...kept, message]);
    void this.flush();
    return message;
  }

  /** Try a refused or waiting message again now, under the same client_id. */
  retry(clientId: string): void {
    this.#change(clientId, { state: "sending", problem: null, failures: 0 });
    this.hurry();
  }

  drop(clientId: string): void {
    if (!this.#messages.some((one) => one.client_id === clientId)) return;
    this.#keep((kept) => kept.filter((one) => one.client_id !== clientId));
  }

  clear(): void {
    this.#keep(() => []);
  }

  close(): void {
    this.#closed = true;
    globalThis.removeEventListener?.("online", this.hurry);
    globalThis.removeEventListener?.("storage", this.#changedElsewhere);
    this.#wake?.();
  }

  hurry = (): void => {
    this.#wake?.();
    void this.flush();
  };

  /** Send what waits, until all is acknowledged or refused. Runs at most once at a time. */
  async flush(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next && !this.#closed; next = this.#next()) await this.#attempt(next);
    } finally {
      this.#running = false;
    }
  }

  #next(): Unsent | undefined {
    return this.#messages.find((one) => one.state === "sending");
  }

  async #attempt(message: Unsent): Promise<void> {
    try {
      await this.deliver(message);
      this.drop(message.client_id);
    } catch (failed) {
      if (!isProblem(failed)) throw failed;
      const { status, code, detail } = failed;
      const failures = message.failures + 1;
      if (!failed.isTemporary) {
        this.#change(message.client_id, { state: "refused", failures, problem: { status, code, detail } });
        return;
      }
      this.#change(message.client_id, { failures, problem: { status, code, detail } });
      await this.#pause(Math.max(failed.retryAfterSeconds ?? 0, backoffSeconds(failures)));
    }
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }

  #change(clientId: string, change: Partial<Unsent>): void {
    this.#keep((kept) => kept.map((one) => (one.client_id === clientId ? { ...one, ...change } : one)));
  }

  /** Changes go to what is stored, not to what this page last saw: another tab may have added
   * a message of its own. Both tabs then send both, and the desk takes each once. */
  #keep(change: (kept: Unsent[]) => Unsent[]): void {
    this.#messages = change(this.#stored());
    this.store.write(this.key, this.#messages.length ? JSON.stringify(this.#messages) : null);
    this.onChange(this.#messages);
  }

  #changedElsewhere = (): void => {
    this.#messages = this.#stored();
    this.onChange(this.#messages);
  };

  #stored(): Unsent[] {
    try {
      const found: unknown = JSON.parse(this.store.read(this.key) ?? "[]");
      return Array.isArray(found) ? (found as Unsent[]) : [];
    } catch {
      return [];
    }
  }
}

function isProblem(failed: unknown): failed is Problem {
  return failed instanceof Error && "isTemporary" in failed;
}
