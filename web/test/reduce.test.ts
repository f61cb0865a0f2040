import { expect, test } from "vitest";
import { applyToConversation, applyToQueue, applyToView, packetsAreStale } from "../shared/reduce";
import type { AgentTurn, DeskEvent, Queue, Summary } from "../shared/api/types";
import { aConversation, aHeader, aJob, anEvent, aSummary, atSecond, aTurn, aView } from "./builders";

test("a turn that comes late stands where the desk's order puts it", () => {
  const [first, second] = [aTurn(1), aTurn(2)];
  const state = aConversation({ turns: [second] });
  const next = applyToConversation(state, anEvent(aHeader(), { turn: first }));
  expect(next.turns.map((turn) => turn.sequence)).toEqual([1, 2]);
});

test("an event applied twice changes nothing the second time", () => {
  const event = anEvent(aHeader({ answered_by: "queue", queue_position: 2 }), { turn: aTurn(1), job: aJob() });
  const once = applyToConversation(aConversation(), event);
  expect(applyToConversation(once, event)).toEqual(once);
});

test("applying an event leaves the state it was applied to alone", () => {
  const state = aConversation({ turns: [aTurn(1)] });
  const before = structuredClone(state);
  applyToConversation(state, anEvent(aHeader({ status: "resolved" }), { turn: aTurn(2), job: aJob() }));
  expect(state).toEqual(before);
});

test("state fetched in the middle and the events after it give the same as all events", () => {
  const job = aJob();
  const events = [
    anEvent(aHeader(), { position: "1", turn: aTurn(1) }),
    anEvent(aHeader(), { position: "2", job, kind: "job.queued" }),
    anEvent(aHeader(), { position: "3", job: { ...job, status: "working" }, kind: "job.started" }),
    anEvent(aHeader({ answered_by: "queue", queue_position: 1 }), {
      position: "4",
      kind: "conversation.handoff_requested",
    }),
    anEvent(aHeader({ answered_by: "agent", agent_name: "Mia" }), {
      position: "5",
      turn: aTurn(2, { author: "agent" }),
    }),
  ];
  const all = events.reduce(applyToConversation, aConversation({ position: "0" }));
  const half = events.slice(0, 3).reduce(applyToConversation, aConversation({ position: "0" }));
  // Overlap on purpose: what the state already held comes once more.
  expect(events.slice(1).reduce(applyToConversation, half)).toEqual(all);
});

test("a settled job does not begin to work again when older news arrives late", () => {
  const job = aJob({ status: "done", reference: "RF-10001" });
  const state = aConversation({ jobs: [job] });
  const next = applyToConversation(state, anEvent(aHeader(), { job: { ...job, status: "working", reference: null } }));
  expect(next.jobs).toEqual([job]);
});

test("the question how it was and its answer reach the customer's screen and the agent's", () => {
  const asked = {
    id: "s1",
    asked_at: atSecond(5),
    score: null,
    comment: null,
    answered_at: null,
    resolver: "agent",
    agent_id: "a1",
    agent_name: "Mia",
  };
  const answered = { ...asked, score: 4, answered_at: atSecond(9) };
  const state = applyToConversation(aConversation(), anEvent(aHeader(), { survey: asked }));
  expect(state.survey?.score).toBeNull();
  expect(applyToConversation(state, anEvent(aHeader(), { survey: answered })).survey?.score).toBe(4);
  expect(applyToConversation(state, anEvent(aHeader(), { turn: aTurn(1) })).survey?.id).toBe("s1");
  const seen = applyToView(aView(), staffEvent(aSummary(), "survey.asked", { survey: asked }));
  const told = applyToView(seen, staffEvent(aSummary(), "survey.answered", { survey: answered }));
  expect(told.surveys).toEqual([answered]);
});

test("what staff may see does not leak into the customer's state", () => {
  const next = applyToConversation(aConversation(), anEvent(aSummary({ topic: "refund" })));
  expect(next).not.toHaveProperty("topic");
});

const emptyQueue = (): Queue => ({ position: "0", waiting: [], mine: [], others: [], mentioned: [], offers: [], me: null });
const staffEvent = (summary: Summary, kind = "turn.created", more: Partial<DeskEvent<Summary>> = {}) =>
  anEvent<Summary>(summary, { kind, ...more }) as DeskEvent<Summary, AgentTurn>;

test("the longest wait stands first", () => {
  const handoff = (second: number) => ({
    kind: "requested",
    reason: "complaint",
    priority: "ordinary" as const,
    counts_from: atSecond(second),
    created_at: atSecond(second),
    accepted_at: null,
  });
  const late = aSummary({ id: "late", answered_by: "queue", handoff: handoff(9) });
  const early = aSummary({ id: "early", answered_by: "queue", handoff: handoff(3) });
  const queue = [late, early].map((one) => staffEvent(one)).reduce((q, e) => applyToQueue(q, e, "me"), emptyQueue());
  expect(queue.waiting.map((one) => one.id)).toEqual(["early", "late"]);
});

test("a conversation stands in exactly one list as it goes from bot to queue to me to nowhere", () => {
  const stages = [
    aSummary(),
    aSummary({ answered_by: "queue" }),
    aSummary({ answered_by: "agent", agent_id: "me" }),
    aSummary({ answered_by: "agent", agent_id: "somebody" }),
    aSummary({ status: "resolved" }),
  ];
  let queue = emptyQueue();
  const lengths = stages.map((stage) => {
    queue = applyToQueue(queue, staffEvent(stage), "me");
    return [queue.waiting.length, queue.mine.length, queue.others.length];
  });
  expect(lengths).toEqual([
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]);
});

test("a conversation in which nobody has said anything is not listed", () => {
  expect(applyToQueue(emptyQueue(), staffEvent(aSummary({ last_turn: null })), "me").others).toEqual([]);
});

test("the agent's view learns what the bot understood of a turn it already shows", () => {
  const turn = { ...aTurn(1), intent: null, confidence: null, language: "en", sentiment: null, upset: null } satisfies AgentTurn;
  const view = aView({ turns: [turn] });
  const understood = anEvent<Summary>(aSummary(), { kind: "turn.understood" });
  const next = applyToView(view, { ...understood, turn: { ...turn, intent: "refund", confidence: 0.9 } });
  expect(next.turns).toMatchObject([{ id: turn.id, intent: "refund" }]);
});

test("an event of another conversation leaves the open one alone", () => {
  const view = aView();
  expect(applyToView(view, anEvent<Summary>(aSummary({ id: "other" })) as never)).toBe(view);
});

test("packets are fetched again when a hand-off begins, is taken or ends", () => {
  expect(packetsAreStale("conversation.handoff_requested")).toBe(true);
  expect(packetsAreStale("conversation.handed_back")).toBe(true);
  expect(packetsAreStale("turn.created")).toBe(false);
});
