import { expect, test } from "vitest";
import type { Promised } from "../shared/api/types";
import { inUnits, promiseInWords, spansRead, spansWritten, toneOf } from "../console/promises";
import { pageInPath, promiseTabInPath } from "../console/route";
import { applyToQueue, packetsAreStale } from "../shared/reduce";
import { en } from "../console/words/en";
import { zh } from "../console/words/zh";
import { anEvent, aSummary } from "./builders";

const NOON = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;
const inMinutes = (minutes: number) => new Date(NOON + minutes * MINUTE).toISOString();

const aPromise = (more: Partial<Promised> = {}): Promised => ({
  id: "p1",
  policy_name: "Everybody",
  what: "first_reply",
  standing: "going",
  target_seconds: 1800,
  started_at: inMinutes(-10),
  due_at: inMinutes(20),
  warned_at: null,
  broken_at: null,
  told: null,
  ended_at: null,
  ...more,
});

test("how a promise stands is told in words, whatever colour they have", () => {
  const said = (more: Partial<Promised>) => promiseInWords(aPromise(more), NOON, en, "en");
  expect(said({})).toBe("First reply in 20m");
  expect(said({ warned_at: inMinutes(-1), due_at: inMinutes(4) })).toBe("First reply at risk: 4m left");
  expect(said({ due_at: inMinutes(-8), broken_at: inMinutes(-8) })).toBe("First reply overdue by 8m");
  expect(said({ due_at: inMinutes(21 * 60 + 15) })).toMatch(/^First reply by Tue,? 0?9:15/);
  expect(said({ what: "resolution", standing: "paused", due_at: null })).toBe("Solution waits for the customer");
  expect(said({ standing: "met", due_at: null })).toBe("First reply kept");
  expect(said({ standing: "met", due_at: null, broken_at: inMinutes(-8) })).toBe("First reply was late");
  expect(promiseInWords(aPromise(), NOON, zh, "zh")).toBe("首次回复：还剩20分钟");
});

test("what is overdue is broken at once, before the desk has said so", () => {
  expect(toneOf(aPromise({ due_at: inMinutes(-0.1) }), NOON)).toBe("broken");
  expect(toneOf(aPromise({ standing: "paused", due_at: null, warned_at: inMinutes(-3) }), NOON)).toBe("paused");
});

test("hours are read as people write them, and what is none goes to the desk as it stands", () => {
  const day = [
    { from: "09:00", until: "12:30" },
    { from: "13:30", until: "18:00" },
  ];
  expect(spansWritten(day)).toBe("09:00–12:30, 13:30–18:00");
  for (const text of ["9-12:30, 13:30-18", "09:00–12:30; 13:30 – 18:00", "9:00至12:30，13：30至18:00", "9.00 to 12.30,13.30 to 18"]) {
    expect(spansRead(text)).toEqual(day);
  }
  expect(spansRead(" ")).toEqual([]);
  expect(spansRead("morning")).toEqual([{ from: "morning", until: "" }]);
});

test("a target stands in the unit that people say it in", () => {
  expect(inUnits(259_200, false)).toEqual({ amount: "72", unit: "hours" });
  expect(inUnits(604_800, false)).toEqual({ amount: "7", unit: "days" });
  expect(inUnits(604_800, true)).toEqual({ amount: "168", unit: "hours" });
  expect(inUnits(1_800, false)).toEqual({ amount: "30", unit: "minutes" });
  expect(inUnits(null, false)).toEqual({ amount: "", unit: "hours" });
});

test("an event of a promise puts it on its line, and has the open conversation read again", () => {
  const promise = aPromise();
  const queue = { position: "1", waiting: [], mine: [], others: [], mentioned: [], offers: [], me: null };
  const event = anEvent(aSummary({ answered_by: "queue", promise }), { kind: "promise.made" });
  expect(applyToQueue(queue, event, "me").waiting[0]?.promise).toEqual(promise);
  expect(packetsAreStale("promise.broken")).toBe(true);
});

test("the page of promises has an address for each part", () => {
  expect(promiseTabInPath("/console/promises")).toBe("due");
  expect(promiseTabInPath("/console/promises/kept/")).toBe("kept");
  expect(promiseTabInPath("/console/promises/else")).toBeNull();
  expect(pageInPath("/console/promises/policies")).toBe("promises");
});

test("every refusal has words in both languages", () => {
  expect(Object.keys(zh.promiseProblems)).toEqual(Object.keys(en.promiseProblems));
});
