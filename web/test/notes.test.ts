import { expect, test } from "vitest";
import { applyToQueue, applyToView } from "../shared/reduce";
import { withNames } from "../shared/text";
import { timeline, withNotes } from "../shared/timeline";
import { aJob, aNote, anEvent, aSummary, atSecond, aTurn, aView } from "./builders";

test("a note stands at its time between what was said and what was asked of robots", () => {
  const [first, second] = [aTurn(1), aTurn(5)];
  const job = aJob({ created_at: atSecond(3) });
  const [early, middle, late] = [aNote(2), aNote(4), aNote(9)];
  const entries = withNotes(timeline([first, second], [job]), [early, middle, late]);
  const ids = entries.map((entry) => (entry.turn ?? entry.job ?? entry.note)?.id);
  expect(ids).toEqual([first.id, early.id, job.id, middle.id, second.id, late.id]);
});

test("a note that is heard twice stands once, and touches nothing that was said", () => {
  const view = aView({ turns: [] });
  const event = { ...anEvent(aSummary({ id: view.id })), kind: "note.added", turn: null, note: aNote(3) };
  const once = applyToView(view, event);
  expect(applyToView(once, event)).toEqual(once);
  expect([once.notes.length, once.turns.length]).toEqual([1, 0]);
});

test("the marks of mentions outlive what else happens in the lists", () => {
  const queue = { position: "0", waiting: [], mine: [], others: [], mentioned: ["c1"], offers: [], me: null };
  expect(applyToQueue(queue, anEvent(aSummary()), "me").mentioned).toEqual(["c1"]);
});

test("only the names of those mentioned are marked, by full name before first name", () => {
  const marked = (text: string, names: string[]) =>
    withNames(text, names)
      .filter((piece) => piece.isName)
      .map((piece) => piece.text);
  expect(marked("@Ming Agent and @ming, not @Mingus", ["Ming Agent"])).toEqual(["@Ming Agent", "@ming"]);
  expect(marked("请@王小明看一下 a@王小明", ["王小明"])).toEqual(["@王小明"]);
  expect(marked("@(x) @Alex", ["(x)"])).toEqual(["@(x)"]);
  expect(marked("@Alex", [])).toEqual([]);
  expect(withNames("a @Bo b", ["Bo"]).map((piece) => piece.text).join("")).toBe("a @Bo b");
});
