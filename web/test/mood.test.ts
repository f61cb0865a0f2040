import { expect, test } from "vitest";
import { isUpset, moodOf } from "../console/parts/Mood";

test("a score falls into one of five moods, the ends included", () => {
  expect([-1, -0.5, 0, 0.5, 1].map(moodOf)).toEqual([0, 1, 2, 3, 4]);
});

test("only who is more likely upset than not is marked, and nobody of whom nothing is known", () => {
  expect([null, undefined, 0, 0.49, 0.5, 1].map(isUpset)).toEqual([false, false, false, false, true, true]);
});
