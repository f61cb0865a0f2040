import type { AgentView, ConversationState, DeskEvent, Header, Job, Note, Offer, Summary, Turn } from "../shared/api/types";

let made = 0;
const fresh = (name: string) => `${name}-${(made += 1)}`;
const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString();

export function aTurn(sequence: number, more: Partial<Turn> = {}): Turn {
  return {
    id: fresh("turn"),
    sequence,
    author: "customer",
    author_name: null,
    text: `message ${sequence}`,
    created_at: at(sequence),
    quick_replies: [],
    client_id: null,
    ...more,
  };
}

export function aJob(more: Partial<Job> = {}): Job {
  return {
    id: fresh("job"),
    kind: "refund",
    status: "queued",
    code: null,
    reference: null,
    order_number: "10023",
    expected_seconds: 20,
    expected_p90_seconds: 45,
    round: 1,
    steps: [],
    created_at: at(0),
    settled_at: null,
    ...more,
  };
}

export function aNote(second: number, more: Partial<Note> = {}): Note {
  return {
    id: fresh("note"),
    client_id: fresh("client"),
    author_id: "p1",
    author_name: "Alex",
    text: `note ${second}`,
    mentions: [],
    created_at: at(second),
    ...more,
  };
}

export function anOffer(more: Partial<Offer> = {}): Offer {
  return {
    id: fresh("offer"),
    conversation_id: "c1",
    person_id: "p1",
    standing: "open",
    seconds_left: 20,
    seconds: 30,
    ...more,
  };
}

export function aHeader(more: Partial<Header> = {}): Header {
  return {
    id: "c1",
    status: "open",
    answered_by: "bot",
    agent_name: null,
    language: "en",
    queue_position: null,
    expected_wait_seconds: null,
    ...more,
  };
}

export function aConversation(more: Partial<ConversationState> = {}): ConversationState {
  return { ...aHeader(), turns: [], jobs: [], survey: null, position: "1", ...more };
}

export function aSummary(more: Partial<Summary> = {}): Summary {
  return {
    ...aHeader(),
    customer_name: null,
    topic: null,
    sentiment: null,
    upset: null,
    created_at: at(0),
    last_turn: { author: "bot", text: "hello", created_at: at(1) },
    handoff: null,
    promise: null,
    agent_id: null,
    ...more,
  };
}

export function aView(more: Partial<AgentView> = {}): AgentView {
  return {
    ...aSummary(),
    customer: { name: null, email: null, identity_level: "anonymous" },
    turns: [],
    notes: [],
    jobs: [],
    surveys: [],
    handoffs: [],
    promises: [],
    position: "1",
    ...more,
  };
}

export function anEvent<H extends Header>(conversation: H, more: Partial<DeskEvent<H>> = {}): DeskEvent<H> {
  return {
    position: "2",
    kind: "turn.created",
    conversation_id: conversation.id,
    created_at: at(2),
    facts: {},
    conversation,
    ...more,
  };
}

export const atSecond = at;
