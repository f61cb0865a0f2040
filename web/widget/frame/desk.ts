import type { Author, ConversationState, DeskEvent, Language, Survey, Turn, Typing } from "../../shared/api/types";
import { Problem } from "../../shared/api/request";
import { Outbox, type Unsent } from "../../shared/outbox";
import { applyToConversation, withTurn } from "../../shared/reduce";
import { sendable } from "../../shared/text";
import { freshId, type Store } from "../../shared/storage";
import { EventStream, type StreamState } from "../../shared/stream";
import { Identity } from "./identity";
import { isSignedOut, Session } from "./session";

export interface View {
  conversation: ConversationState | null;
  /** A conversation is known but its state has not come yet. */
  isLoading: boolean;
  isUnavailable: boolean;
  isIdentityRefused: boolean;
  unsent: readonly Unsent[];
  connection: StreamState;
  typing: { author: Author; until: number } | null;
  isOpen: boolean;
  /** Grows with every reset, so that no part of the screen keeps what was there before. */
  generation: number;
}

export interface Outside {
  store: Store;
  websiteToken: string;
  language: () => Language;
  onView: (view: View) => void;
  onUnread: (count: number) => void;
  onNews: (event: DeskEvent) => void;
  onError: (code: string, detail: string) => void;
  askForJwt: (again: boolean) => void;
}

const TYPING_SECONDS = 6;
const TYPING_EVERY_SECONDS = 3;
/** While waiting, others leave the line without an event of ours: look again this often. */
const QUEUE_LOOK_SECONDS = 20;

/** The customer's side of one conversation: what is known, what is not sent yet, what is heard. */
export class CustomerDesk {
  view: View = {
    conversation: null,
    isLoading: false,
    isUnavailable: false,
    isIdentityRefused: false,
    unsent: [],
    connection: "connecting",
    typing: null,
    isOpen: false,
    generation: 0,
  };
  readonly identity: Identity;
  readonly #session: Session;
  readonly #outbox: Outbox;
  readonly #store: Store;
  #stream: EventStream | null = null;
  #followed: string | null = null;
  #typedAt = 0;
  #unread = 0;
  #beginning: Promise<string> | null = null;

  constructor(private readonly outside: Outside) {
    this.#store = outside.store;
    this.#session = new Session(outside.store, outside.websiteToken, outside.language);
    this.identity = new Identity(outside.store, this.#session, outside.askForJwt, {
      accepted: () => this.#identified(),
      refused: (problem) => this.#identityRefused(problem),
      switched: () => this.reset(),
    });
    this.#outbox = new Outbox(
      outside.store,
      "outbox",
      (message) => this.#deliver(message),
      (unsent) => this.#show({ unsent }),
    );
    this.view = { ...this.view, unsent: this.#outbox.messages };
    window.addEventListener("storage", this.#changedElsewhere);
    document.addEventListener("visibilitychange", () => this.#count());
    setInterval(() => this.#look(), QUEUE_LOOK_SECONDS * 1000);
    this.#resume();
  }

  /** The customer looks at the panel now, or no longer. */
  open(isOpen: boolean): void {
    this.#show({ isOpen });
    if (isOpen) this.identity.claim();
  }

  send(text: string, quickReply: { turn_id: string; index: number } | null = null): void {
    this.#outbox.add(sendable(text), { quick_reply: quickReply });
    this.#typedAt = 0;
  }

  /** What is written in the composer and not sent. */
  readonly draft = {
    read: () => this.#store.read("draft") ?? "",
    write: (text: string) => this.#store.write("draft", text || null),
  };

  retry = (clientId: string): void => this.#outbox.retry(clientId);
  discard = (clientId: string): void => this.#outbox.drop(clientId);

  /** Say how it was; another answer takes its place. Fails where the desk cannot keep it. */
  async rate(score: number, comment: string | null): Promise<void> {
    const id = this.view.conversation?.id;
    if (!id) return;
    const body = { score, comment };
    const survey = await this.#session.ask<Survey>(`/api/v1/conversations/${id}/survey`, { method: "PUT", body });
    const { conversation } = this.view;
    if (conversation?.id === id) this.#show({ conversation: { ...conversation, survey } });
  }

  /** Tell whoever answers that the customer is writing; at most every few seconds. */
  typed(): void {
    const id = this.view.conversation?.id;
    if (!id || Date.now() - this.#typedAt < TYPING_EVERY_SECONDS * 1000) return;
    this.#typedAt = Date.now();
    void this.#session.ask(`/api/v1/conversations/${id}/typing`, { method: "POST" }).catch(() => undefined);
  }

  /** Leave this conversation; the next message begins a new one. */
  startAnew(): void {
    this.#store.write("conversation", null);
    this.#store.write("beginning", null);
    this.#leave();
  }

  /** The site's customer signed out: nothing of them stays on this machine. */
  reset(): void {
    this.#outbox.clear();
    this.#session.forget();
    this.identity.forget();
    for (const key of ["read", "draft"]) this.#store.write(key, null);
    this.startAnew();
    this.#show({ generation: this.view.generation + 1, isIdentityRefused: false });
  }

  #leave(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#followed = null;
    this.#show({ conversation: null, isLoading: false, connection: "connecting", typing: null });
  }

  #resume(): void {
    const known = this.#store.read("conversation");
    if (known && this.#session.exists) this.#follow(known);
    void this.#outbox.flush();
  }

  #show(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.#count();
    this.outside.onView(this.view);
  }

  // Sending ---------------------------------------------------------------------------------

  async #deliver(message: Unsent): Promise<void> {
    try {
      const id = await this.#conversation();
      const { client_id, text, quick_reply } = message;
      const body = { client_id, text, ...(quick_reply ? { quick_reply } : {}) };
      const turn = await this.#session.ask<Turn>(`/api/v1/conversations/${id}/turns`, { method: "POST", body });
      this.#accept(id, turn);
    } catch (failed) {
      throw this.#mended(failed);
    }
  }

  #accept(id: string, turn: Turn): void {
    const { conversation } = this.view;
    if (conversation?.id !== id) return;
    if (conversation.turns.some((known) => known.id === turn.id)) return;
    this.#show({ conversation: { ...conversation, turns: withTurn(conversation.turns, turn) } });
  }

  /** The same refusal, or a temporary one after what caused it has been cleared away. */
  #mended(failed: unknown): unknown {
    if (!(failed instanceof Problem)) return failed;
    if (failed.status === 401) {
      this.#session.forget();
      this.startAnew();
      return new Problem(0, "signed_out", "");
    }
    if (failed.status === 404 && this.#store.read("conversation")) {
      this.startAnew();
      return new Problem(0, "conversation_gone", "");
    }
    if (failed.status === 403 && !this.#session.exists) this.#unavailable(failed);
    return failed;
  }

  #unavailable(problem: Problem): void {
    this.#show({ isUnavailable: true });
    this.outside.onError(problem.code || "refused", problem.detail);
  }

  /** The id of the conversation to write in; begins one when there is none. The wish to begin
   * has an id of its own that outlives a reload, so that it is never begun twice. */
  async #conversation(): Promise<string> {
    const known = this.#store.read("conversation");
    if (known) return known;
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = null));
    return this.#beginning;
  }

  async #begin(): Promise<string> {
    const clientId = this.#store.read("beginning") ?? freshId();
    this.#store.write("beginning", clientId);
    const { generation } = this.view;
    await this.identity.settled();
    const begun = await this.#session.ask<ConversationState>("/api/v1/conversations", {
      method: "POST",
      body: { client_id: clientId, language: this.outside.language() },
    });
    if (this.view.generation !== generation) throw new Problem(0, "reset", "");
    this.#store.write("conversation", begun.id);
    this.#store.write("beginning", null);
    this.#show({ conversation: begun });
    this.#follow(begun.id);
    return begun.id;
  }

  // Hearing ---------------------------------------------------------------------------------

  #follow(id: string): void {
    this.#stream?.close();
    this.#followed = id;
    this.#show({ isLoading: this.view.conversation?.id !== id });
    this.#stream = new EventStream({
      url: `/api/v1/conversations/${id}/stream`,
      headers: () => this.#session.headers,
      restsWhenHidden: true,
      begin: async (silentSeconds, last) => {
        // Resume from the last event seen; after a long silence read the state anew instead.
        if (last !== null && silentSeconds !== null && silentSeconds < 60) return last;
        return (await this.#fetch(id)).position;
      },
      onEvent: (kind, data) => this.#heard(id, kind, data),
      onState: (connection) => this.#show({ connection }),
      onRefused: (problem) => this.#refused(problem),
    });
  }

  async #fetch(id: string): Promise<ConversationState> {
    const conversation = await this.#session.ask<ConversationState>(`/api/v1/conversations/${id}`);
    if (this.#followed !== id) return conversation; // Left, or reset, while it was under way.
    for (const turn of conversation.turns) if (turn.client_id) this.#outbox.drop(turn.client_id);
    this.#show({ conversation, isLoading: false });
    return conversation;
  }

  #heard(id: string, kind: string, data: unknown): void {
    if (kind === "typing") return this.#heardTyping(data as Typing);
    const event = data as DeskEvent;
    const { conversation } = this.view;
    if (!conversation || conversation.id !== id || !event?.conversation_id) return;
    if (event.turn?.client_id) this.#outbox.drop(event.turn.client_id);
    const isReply = event.turn && event.turn.author !== "customer";
    this.#show({
      conversation: applyToConversation(conversation, event),
      ...(isReply ? { typing: null } : {}),
    });
    this.outside.onNews(event);
  }

  #heardTyping({ author }: Typing): void {
    if (author === "customer") return;
    const until = Date.now() + TYPING_SECONDS * 1000;
    this.#show({ typing: { author, until } });
    setTimeout(
      () => {
        if ((this.view.typing?.until ?? Infinity) <= Date.now()) this.#show({ typing: null });
      },
      TYPING_SECONDS * 1000 + 50,
    );
  }

  #refused(problem: Problem): void {
    if (isSignedOut(problem)) this.#session.forget();
    this.startAnew();
    void this.#outbox.flush();
  }

  #look(): void {
    const { conversation, connection } = this.view;
    if (conversation?.answered_by !== "queue" || conversation.status !== "open" || connection !== "live") return;
    void this.#session.ask<ConversationState>(`/api/v1/conversations/${conversation.id}`).then(
      ({ queue_position, expected_wait_seconds }) => {
        const now = this.view.conversation;
        if (now?.id === conversation.id && now.answered_by === "queue")
          this.#show({ conversation: { ...now, queue_position, expected_wait_seconds } });
      },
      () => undefined,
    );
  }

  #changedElsewhere = (event: StorageEvent): void => {
    if (!event.key?.endsWith("conversation")) return;
    const known = this.#store.read("conversation");
    if (known === (this.view.conversation?.id ?? null)) return;
    if (known) this.#follow(known);
    else this.#leave();
  };

  // Identity and what is unread -------------------------------------------------------------

  #identified(): void {
    this.#show({ isIdentityRefused: false });
    this.#stream?.reconnect();
  }

  #identityRefused(problem: Problem): void {
    this.#show({ isIdentityRefused: true });
    this.outside.onError(problem.code || "identity_refused", problem.detail);
  }

  #count(): void {
    const { conversation, isOpen } = this.view;
    if (!conversation) return this.#tellUnread(0);
    const last = conversation.turns.at(-1)?.sequence ?? 0;
    const seen = isOpen && document.visibilityState === "visible";
    if (seen && this.#readUpTo(conversation.id) < last) {
      this.#store.write("read", JSON.stringify({ id: conversation.id, sequence: last }));
    }
    const read = this.#readUpTo(conversation.id);
    this.#tellUnread(conversation.turns.filter((turn) => turn.author !== "customer" && turn.sequence > read).length);
  }

  #tellUnread(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    this.outside.onUnread(count);
  }

  #readUpTo(id: string): number {
    try {
      const read = JSON.parse(this.#store.read("read") ?? "null") as { id: string; sequence: number } | null;
      return read?.id === id ? read.sequence : 0;
    } catch {
      return 0;
    }
  }
}
