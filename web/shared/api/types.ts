/** The desk's shapes on the wire, as `/api/v1` speaks them. */

export type Language = "en" | "zh";
/** Where a stream stands. Opaque: only ever handed back to the desk. */
export type Position = number | string;

export type Author = "customer" | "bot" | "agent" | "system";
export type AnsweredBy = "bot" | "queue" | "agent";
export type JobStatus =
  | "queued"
  | "waiting"
  | "working"
  | "done"
  | "refused"
  | "gave_up"
  | "needs_review"
  | "cancelled";

export interface QuickReply {
  index: number;
  title: string;
}

export interface Turn {
  id: string;
  sequence: number;
  author: Author;
  author_name: string | null;
  text: string;
  created_at: string;
  quick_replies: QuickReply[];
  client_id: string | null;
}

export interface AgentTurn extends Turn {
  intent: string | null;
  confidence: number | null;
  language: string | null;
  sentiment: number | null;
  /** How likely the writer is upset, 0 to 1. */
  upset: number | null;
}

export interface Job {
  id: string;
  kind: string;
  status: JobStatus;
  code: string | null;
  reference: string | null;
  order_number: string | null;
  expected_seconds: number | null;
  /** Nine in ten jobs of its kind were done by then. */
  expected_p90_seconds: number | null;
  /** How often it was sent to the robots; a later round may begin again. */
  round: number;
  /** What the robot has behind it in this round. */
  steps: string[];
  created_at: string;
  settled_at: string | null;
}

export interface Header {
  id: string;
  status: "open" | "resolved";
  answered_by: AnsweredBy;
  agent_name: string | null;
  language: string;
  queue_position: number | null;
  /** How long the customer will wait for a person; null where nobody can tell. */
  expected_wait_seconds: number | null;
}

/** A question to the customer after a resolution: how was it, from 1 to 5? */
export interface Survey {
  id: string;
  asked_at: string;
  score: number | null;
  comment: string | null;
  answered_at: string | null;
}

/** The same with whose work it is about: bot, robot or agent. */
export interface StaffSurvey extends Survey {
  resolver: string;
  agent_id: string | null;
  agent_name: string | null;
}

export interface ConversationState extends Header {
  turns: Turn[];
  jobs: Job[];
  survey: Survey | null;
  position: Position;
}

export interface LastTurn {
  author: Author;
  text: string;
  created_at: string;
}

export interface ConversationListed {
  id: string;
  status: "open" | "resolved";
  created_at: string;
  last_turn: LastTurn | null;
}

export type Priority = "ordinary" | "high" | "vip";
export type Presence = "online" | "away" | "offline";

/** How an agent stands, and how many conversations at once they are offered. */
export interface Standing {
  person_id: string;
  presence: Presence;
  since: string;
  capacity: number;
}

/** A waiting conversation that is held for somebody. */
export interface Offer {
  id: string;
  conversation_id: string;
  person_id: string;
  standing: "open" | "accepted" | "missed" | "declined" | "withdrawn";
  /** Of `seconds` to accept it, as of when the desk said so. */
  seconds_left: number;
  seconds: number;
}

export interface Handoff {
  kind: string;
  reason: string;
  priority: Priority;
  /** Whose is earlier is served sooner. */
  counts_from: string;
  created_at: string;
  accepted_at: string | null;
}

/** A promise on one conversation. While it is paused nothing is due. */
export interface Promised {
  id: string;
  policy_name: string;
  what: "first_reply" | "next_reply" | "resolution";
  standing: "going" | "paused" | "met" | "dropped";
  target_seconds: number;
  started_at: string;
  due_at: string | null;
  warned_at: string | null;
  broken_at: string | null;
  /** Whom of the chain its warning or breach has reached last. */
  told: string | null;
  ended_at: string | null;
}

export interface Summary extends Header {
  customer_name: string | null;
  topic: string | null;
  sentiment: number | null;
  /** How likely the customer is upset by now, 0 to 1. */
  upset: number | null;
  created_at: string;
  last_turn: LastTurn | null;
  handoff: Handoff | null;
  /** What is promised next. */
  promise: Promised | null;
  agent_id: string | null;
}

export interface Packet {
  goal: string | null;
  slots: Record<string, unknown>;
  tried: string[];
  identity_level: string;
  /** Scores of the customer's last messages in [-1, 1], oldest first. */
  sentiment_trend: number[];
  /** How likely the customer was upset when the hand-off was asked for, 0 to 1. */
  upset?: number | null;
  open_jobs: string[];
  missing: string[];
}

export interface HandoffRecord extends Handoff {
  id: string;
  packet: Packet;
  note?: string | null;
  closed_at: string | null;
}

export interface AgentView extends Summary {
  customer: { name: string | null; email: string | null; identity_level: string };
  turns: AgentTurn[];
  notes: Note[];
  jobs: Job[];
  surveys: StaffSurvey[];
  handoffs: HandoffRecord[];
  promises: Promised[];
  position: Position;
}

export interface Queue {
  position: Position;
  waiting: Summary[];
  mine: Summary[];
  others: Summary[];
  /** Conversations in which a note names me that I have not looked at. */
  mentioned: string[];
  /** What I am offered. */
  offers: Offer[];
  /** How I stand; null before any console of mine has shown itself. */
  me: Standing | null;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: string;
  csrf_token: string;
}

/** What a colleague wrote to colleagues; customers are never shown it. */
export interface Note {
  id: string;
  client_id: string;
  author_id: string;
  author_name: string;
  text: string;
  mentions: { id: string; name: string }[];
  created_at: string;
}

/** One event of the stream: facts, and the state of what it changed. */
export interface DeskEvent<H extends Header = Header, T extends Turn = Turn> {
  position: Position;
  kind: string;
  conversation_id: string;
  created_at: string;
  facts: Record<string, unknown>;
  conversation: H;
  turn?: T | null;
  job?: Job | null;
  note?: Note | null;
  /** Customers get no more of it than a `Survey`. */
  survey?: StaffSurvey | null;
  offer?: Offer | null;
}

export interface Typing {
  conversation_id: string;
  author: Author;
}
