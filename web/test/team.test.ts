import { expect, test } from "vitest";
import { applyToQueue, withOffer } from "../shared/reduce";
import type { Queue, Summary } from "../shared/api/types";
import { isAboutTeam, levelOf, rowsOf, serving, withLevel, type Teammate } from "../console/team";
import { anEvent, anOffer, aSummary, atSecond } from "./builders";

const aTeammate = (more: Partial<Teammate> = {}): Teammate => ({
  id: "p1",
  name: "Alex",
  role: "agent",
  presence: "online",
  since: atSecond(0),
  load: 0,
  capacity: 3,
  own_capacity: null,
  skills: [],
  ...more,
});
const emptyQueue = (): Queue => ({ position: "0", waiting: [], mine: [], others: [], mentioned: [], offers: [], me: null });

test("what I am offered stands there until it is over, and what others are offered never does", () => {
  const mine = anOffer();
  const once = withOffer([], mine, "p1");
  expect(withOffer(once, mine, "p1")).toEqual([mine]);
  expect(withOffer(once, anOffer({ person_id: "p2" }), "p1")).toEqual([mine]);
  for (const standing of ["accepted", "missed", "declined", "withdrawn"] as const)
    expect(withOffer(once, { ...mine, standing }, "p1")).toEqual([]);
});

test("an offer comes and goes with the events of its conversation", () => {
  const waiting = aSummary({ answered_by: "queue" });
  const offer = anOffer();
  const made = applyToQueue(emptyQueue(), anEvent<Summary>(waiting, { kind: "offer.made", offer }), "p1");
  expect(made.offers).toEqual([offer]);
  const said = applyToQueue(made, anEvent<Summary>(waiting), "p1");
  expect(said.offers).toEqual([offer]);
  const over = anEvent<Summary>(waiting, { kind: "offer.missed", offer: { ...offer, standing: "missed" } });
  expect(applyToQueue(said, over, "p1").offers).toEqual([]);
});

test("who waits stands in the order in which the desk serves them", () => {
  const handoff = (asked: number, counts: number) => ({
    kind: "requested",
    reason: "complaint",
    priority: "high" as const,
    counts_from: atSecond(counts),
    created_at: atSecond(asked),
    accepted_at: null,
  });
  const first = aSummary({ id: "urgent", answered_by: "queue", handoff: handoff(9, 1) });
  const next = aSummary({ id: "ordinary", answered_by: "queue", handoff: handoff(3, 3) });
  const queue = [next, first].reduce((q, one) => applyToQueue(q, anEvent<Summary>(one), "p1"), emptyQueue());
  expect(queue.waiting.map((one) => one.id)).toEqual(["urgent", "ordinary"]);
});

test("one level of somebody's skills changes and the others stay", () => {
  const skills = [
    { topic: "refund", language: "en", level: 2 },
    { topic: "refund", language: "zh", level: 1 },
  ];
  expect(withLevel(skills, "refund", "zh", 3)).toContainEqual({ topic: "refund", language: "zh", level: 3 });
  expect(withLevel(skills, "refund", "en", 0)).toEqual([skills[1]]);
  expect(levelOf(aTeammate({ skills }), "refund", "en")).toBe(2);
  expect(levelOf(aTeammate(), "refund", "en")).toBe(0);
});

test("the matrix has a row for all that is known, asked for or just added, each once, any topic first", () => {
  const knows = aTeammate({ skills: [{ topic: "refund", language: "en", level: 2 }] });
  const demand = { level: 1, asked: 1, waiting: 0, half_seconds: 1, most_seconds: 1, agents: 0, online: 0 };
  const asked = [
    { ...demand, topic: "refund", language: "en" },
    { ...demand, topic: "complaint", language: "zh" },
    { ...demand, topic: null, language: "en" },
  ];
  const rows = rowsOf([knows], asked, [{ topic: "*", language: "zh" }]);
  expect(rows.map((row) => `${row.topic}/${row.language}`)).toEqual(["*/zh", "complaint/zh", "refund/en"]);
});

test("whoever neither is an agent nor ever came to a console stands in no team", () => {
  const sam = aTeammate({ id: "p2", role: "supervisor", since: null, presence: "offline" });
  expect(serving([aTeammate(), sam]).map((one) => one.id)).toEqual(["p1"]);
  expect(serving([{ ...sam, since: atSecond(1) }])).toHaveLength(1);
});

test("what moves conversations or people is about the team", () => {
  for (const kind of ["agent.online", "offer.made", "conversation.resolved", "conversation.put_back"])
    expect(isAboutTeam(kind)).toBe(true);
  for (const kind of ["turn.created", "job.queued", "conversation.created"]) expect(isAboutTeam(kind)).toBe(false);
});
