import type {
  AgentTurn,
  AgentView,
  Author,
  DeskEvent,
  Note,
  Offer,
  Presence,
  Priority,
  Queue,
  Standing,
  Summary,
  Typing,
} from "../shared/api/types";
import { Problem } from "../shared/api/request";
import { Outbox, type Unsent } from "../shared/outbox";
import { applyToQueue, applyToView, packetsAreStale, withNote, withTurn } from "../shared/reduce";
import type { StaffSession } from "../shared/staff/session";
import type { Store } from "../shared/storage";
import { isAboutJobs } from "./jobs";
import { isAboutTeam } from "./team";
import type { CannedReply } from "./replies";
import { EventStream, type StreamState } from "../shared/stream";
import { sendable } from "../shared/text";

export interface ConsoleView {
  queue: Queue | null;
  /** The conversation that is open on the screen. */
  openId: string | null;
  open: AgentView | null;
  openProblem: Problem | null;
  unsent: readonly Unsent[];
  unsentNotes: readonly Unsent[];
  connection: StreamState;
  /** Who is writing in which conversation, and until when that is believed. */
  typing: ReadonlyMap<string, { author: Author; until: number }>;
  /** Mine in which the customer has written since I last looked. */
  unread: ReadonlySet<string>;
  /** Those in which a note names me that I have not looked at. */
  mentioned: ReadonlySet<string>;
  problem: Problem | null;
  /** Counts what has happened to jobs, with or without a conversation. */
  jobsBeat: number;
  /** Counts what has happened to promises. */
  promisesBeat: number;
  /** The desk has taken me for away, since I missed several offers in a row. */
  isTakenForAway: boolean;
  /** Counts what has changed about who is there and has how much. */
  teamBeat: number;
}

const TYPING_SECONDS = 6;
const TYPING_EVERY_SECONDS = 3;
const SIGN_EVERY_SECONDS = 10;

/** The agent's side of the desk: the lists, the open conversation, what is not sent yet. */
export class AgentDesk {
  view: ConsoleView;
  readonly #outbox: Outbox;
  /** A store of its own: nothing that waits in it can ever be sent as a reply. */
  readonly #notes: Outbox;
  readonly #stream: EventStream;
  readonly #listeners = new Set<() => void>();
  #typedAt = 0;
  #signedAt = 0;

  constructor(
    private readonly staff: StaffSession,
    private readonly me: string,
    private readonly store: Store,
  ) {
    this.#outbox = new Outbox(
      store,
      `outbox:${me}`,
      (message) => this.#deliver(message),
      (unsent) => this.#show({ unsent }),
    );
    this.#notes = new Outbox(
      store,
      `notes:${me}`,
      (note) => this.#deliverNote(note),
      (unsentNotes) => this.#show({ unsentNotes }),
    );
    this.view = {
      queue: null,
      openId: null,
      open: null,
      openProblem: null,
      unsent: this.#outbox.messages,
      unsentNotes: this.#notes.messages,
      connection: "connecting",
      typing: new Map(),
      unread: new Set(),
      mentioned: new Set(),
      problem: null,
      jobsBeat: 0,
      promisesBeat: 0,
      isTakenForAway: false,
      teamBeat: 0,
    };
    document.addEventListener("visibilitychange", this.#looked);
    this.#stream = new EventStream({
      url: "/api/v1/desk/stream",
      // Always the state anew, then its events: after sleep, a lost line or a restarted desk
      // the lists are right again by themselves.
      begin: async () => (await this.#refetch()).position,
      onEvent: (kind, data) => this.#heard(kind, data),
      onState: (connection) => this.#show({ connection }),
      // The desk's heartbeat wakes us, not a timer: those all but stop in hidden tabs, and a desk
      // that hears nothing takes the agent for gone.
      onSign: () => this.#sign(),
      onRefused: (problem) => (problem.status === 401 ? this.staff.lost() : this.#show({ problem })),
    });
    void this.#outbox.flush();
    void this.#notes.flush();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): ConsoleView => this.view;

  close(): void {
    this.#stream.close();
    this.#outbox.close();
    this.#notes.close();
    document.removeEventListener("visibilitychange", this.#looked);
  }

  /** Put one conversation on the screen, or none. */
  look(id: string | null): void {
    if (id === this.view.openId) return;
    this.#show({ openId: id, open: null, openProblem: null });
    if (id) {
      this.#read(id);
      void this.#fetchOpen(id);
    }
  }

  /** What is written to a customer and not sent. */
  readonly draft = {
    read: (id: string) => this.store.read(`draft:${id}`) ?? "",
    write: (id: string, text: string) => this.store.write(`draft:${id}`, text || null),
  };

  send(id: string, text: string): void {
    this.#typedAt = 0;
    this.#outbox.add(sendable(text), { to: id });
  }

  /** What is written to colleagues; kept apart from the draft to the customer. */
  readonly noteDraft = {
    read: (id: string) => this.store.read(`note-draft:${id}`) ?? "",
    write: (id: string, text: string) => this.store.write(`note-draft:${id}`, text || null),
  };

  addNote(id: string, text: string): void {
    this.#notes.add(sendable(text), { to: id });
  }

  /** The texts kept ready for agents. */
  async replies(): Promise<CannedReply[]> {
    return (await this.staff.ask<{ items: CannedReply[] }>("/api/v1/desk/replies")).items;
  }

  retryNote = (clientId: string): void => this.#notes.retry(clientId);
  discardNote = (clientId: string): void => this.#notes.drop(clientId);

  retry = (clientId: string): void => this.#outbox.retry(clientId);
  discard = (clientId: string): void => this.#outbox.drop(clientId);

  typed(id: string): void {
    if (Date.now() - this.#typedAt < TYPING_EVERY_SECONDS * 1000) return;
    this.#typedAt = Date.now();
    void this.#post(id, "typing").catch(() => undefined);
  }

  take = (id: string): Promise<void> => this.#act(id, "take");
  resolve = (id: string): Promise<void> => this.#act(id, "resolve", {});
  handBack = (id: string, note: string): Promise<void> =>
    this.#act(id, "hand-back", note.trim() ? { note: note.trim() } : {});
  setPriority = (id: string, priority: Priority): Promise<void> => this.#act(id, "priority", { priority }, "PUT");
  dismiss = (): void => this.#show({ problem: null });

  /** Take what I am offered; the id of the conversation if it is mine now. */
  accept = (offer: Offer): Promise<string | null> => this.#answer(offer, "accept");
  decline = (offer: Offer): Promise<string | null> => this.#answer(offer, "decline");

  async be(presence: Presence): Promise<void> {
    await this.#stand("PUT", "presence", { presence });
  }

  /** Nobody sits here any more. */
  async leave(): Promise<void> {
    this.#signedAt = Infinity;
    await this.#stand("POST", "leave");
  }

  async #act(id: string, verb: string, body?: unknown, method: "POST" | "PUT" = "POST"): Promise<void> {
    try {
      const open = await this.#post<AgentView>(id, verb, body, method);
      if (this.view.openId === id) this.#show({ open, problem: null });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      this.#show({ problem: failed });
      // Whoever was faster has changed it: show how it stands now.
      if (!failed.isTemporary) void this.#fetchOpen(id);
    }
  }

  #post<T>(id: string, verb: string, body?: unknown, method: "POST" | "PUT" = "POST"): Promise<T> {
    return this.staff.ask<T>(`/api/v1/desk/conversations/${id}/${verb}`, { method, body });
  }

  async #answer(offer: Offer, verb: "accept" | "decline"): Promise<string | null> {
    try {
      await this.staff.ask<Offer>(`/api/v1/desk/offers/${offer.id}/${verb}`, { method: "POST" });
      return offer.conversation_id;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      this.#show({ problem: failed });
      return null;
    } finally {
      void this.#refetch().catch(() => undefined);
    }
  }

  async #stand(method: "POST" | "PUT", what: string, body?: unknown): Promise<void> {
    try {
      const me = await this.staff.ask<Standing>(`/api/v1/desk/me/${what}`, { method, body });
      const { queue } = this.view;
      if (queue) this.#show({ queue: { ...queue, me } });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      if (what !== "sign") this.#show({ problem: failed });
    }
  }

  #sign(): void {
    if (Date.now() - this.#signedAt < SIGN_EVERY_SECONDS * 1000) return;
    this.#signedAt = Date.now();
    void this.#stand("POST", "sign");
  }

  async #deliver(message: Unsent): Promise<void> {
    const { client_id, text, to } = message;
    if (to === null) return;
    const turn = await this.#post<AgentTurn>(to, "turns", { client_id, text });
    const { open } = this.view;
    if (open?.id === to) this.#show({ open: { ...open, turns: withTurn(open.turns, turn) } });
  }

  async #deliverNote({ client_id, text, to }: Unsent): Promise<void> {
    if (to === null) return;
    const note = await this.#post<Note>(to, "notes", { client_id, text });
    const { open } = this.view;
    if (open?.id === to) this.#show({ open: { ...open, notes: withNote(open.notes, note) } });
  }

  // Hearing ---------------------------------------------------------------------------------

  async #refetch(): Promise<Queue> {
    const queue = await this.staff.ask<Queue>("/api/v1/desk/queue");
    this.#show({ queue, mentioned: new Set(queue.mentioned) });
    this.#looked();
    if (this.view.openId) await this.#fetchOpen(this.view.openId);
    return queue;
  }

  async #fetchOpen(id: string): Promise<void> {
    try {
      const open = await this.staff.ask<AgentView>(`/api/v1/desk/conversations/${id}`);
      for (const turn of open.turns) if (turn.client_id) this.#outbox.drop(turn.client_id);
      for (const note of open.notes) this.#notes.drop(note.client_id);
      if (this.view.openId === id) this.#show({ open, openProblem: null });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      if (this.view.openId === id && !(failed.isTemporary && this.view.open)) this.#show({ openProblem: failed });
    }
  }

  #heard(kind: string, data: unknown): void {
    if (kind === "typing") return this.#heardTyping(data as Typing);
    const event = data as DeskEvent<Summary, AgentTurn>;
    if (isAboutJobs(kind)) this.#show({ jobsBeat: this.view.jobsBeat + 1 });
    if (kind.startsWith("promise.")) this.#show({ promisesBeat: this.view.promisesBeat + 1 });
    if (isAboutTeam(kind)) this.#heardOfTeam(kind, event);
    const { queue, open } = this.view;
    if (!event?.conversation_id || !event.conversation) return;
    if (event.turn?.client_id) this.#outbox.drop(event.turn.client_id);
    if (event.note) this.#heardNote(event.conversation_id, event.note);
    this.#noteUnread(kind, event);
    const typing = new Map(this.view.typing);
    if (event.turn) typing.delete(event.conversation_id);
    this.#show({
      queue: queue && applyToQueue(queue, event, this.me),
      open: open && applyToView(open, event),
      typing,
    });
    if (open?.id === event.conversation_id && packetsAreStale(kind)) void this.#fetchOpen(open.id);
  }

  #heardOfTeam(kind: string, event: DeskEvent<Summary, AgentTurn>): void {
    this.#show({ teamBeat: this.view.teamBeat + 1 });
    const { queue } = this.view;
    const presence = /^agent\.(online|away|offline)$/.exec(kind)?.[1] as Presence | undefined;
    if (!queue?.me || !presence || event.facts.person_id !== this.me) return;
    this.#show({ isTakenForAway: event.facts.code === "missed_offers" });
    this.#show({ queue: { ...queue, me: { ...queue.me, presence, since: event.created_at } } });
  }

  #noteUnread(kind: string, event: DeskEvent<Summary, AgentTurn>): void {
    const isMine = event.conversation.answered_by === "agent" && event.conversation.agent_id === this.me;
    const isSeen = this.view.openId === event.conversation_id && document.visibilityState === "visible";
    if (kind !== "turn.created" || event.turn?.author !== "customer" || !isMine || isSeen) return;
    this.#show({ unread: new Set([...this.view.unread, event.conversation_id]) });
  }

  #heardNote(id: string, note: Note): void {
    this.#notes.drop(note.client_id);
    if (!note.mentions.some((named) => named.id === this.me)) return;
    this.#show({ mentioned: new Set([...this.view.mentioned, id]) });
    this.#looked();
  }

  #heardTyping({ conversation_id, author }: Typing): void {
    if (author === "agent") return;
    const until = Date.now() + TYPING_SECONDS * 1000;
    this.#show({ typing: new Map(this.view.typing).set(conversation_id, { author, until }) });
    setTimeout(
      () => {
        const typing = new Map(this.view.typing);
        if ((typing.get(conversation_id)?.until ?? Infinity) > Date.now()) return;
        typing.delete(conversation_id);
        this.#show({ typing });
      },
      TYPING_SECONDS * 1000 + 50,
    );
  }

  #looked = (): void => {
    if (document.visibilityState === "visible" && this.view.openId) this.#read(this.view.openId);
  };

  #read(id: string): void {
    const unread = new Set(this.view.unread);
    if (unread.delete(id)) this.#show({ unread });
    const mentioned = new Set(this.view.mentioned);
    if (!mentioned.delete(id)) return;
    this.#show({ mentioned });
    void this.#post(id, "mentions/seen").catch(() => undefined); // it stands in the lists again, then
  }

  #show(change: Partial<ConsoleView>): void {
    if (!this.view) return;
    this.view = { ...this.view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
