import { expect, test } from "vitest";
import { type ArticleFigures, failureInWords, isFailing, ownersOf } from "../console/parts/Articles";
import { pageInPath } from "../console/route";

const article = (told: Partial<ArticleFigures>): ArticleFigures => ({
  slug: "delivery-options",
  language: "en",
  title: "Delivery",
  owner: "deliveries@example.com",
  updated: "2026-11-18",
  url: "/help/en/delivery-options",
  shown: 0,
  asked: 0,
  solved: 0,
  failed: 0,
  left: 0,
  open: 0,
  person_after: 0,
  failure_rate: null,
  failure_rate_at_least: null,
  ...told,
});

test("a rate is told with how sure it is, and not at all while nobody has answered", () => {
  expect(failureInWords(article({}), "en", "at least {percent}")).toBe("–");
  const failing = article({ failure_rate: 0.2903, failure_rate_at_least: 0.1609 });
  expect(failureInWords(failing, "en", "at least {percent}")).toBe("29% (at least 16%)");
  expect(failureInWords(failing, "zh", "至少 {percent}")).toBe("29% (至少 16%)");
});

test("one failure of one is no proof, twenty of thirty are", () => {
  expect(isFailing(article({ failure_rate: 1, failure_rate_at_least: 0.2065 }))).toBe(false);
  expect(isFailing(article({ failure_rate: 0.67, failure_rate_at_least: 0.488 }))).toBe(true);
});

test("each owner is named once, articles that are gone have none", () => {
  const articles = [article({ owner: "b" }), article({ owner: null }), article({ owner: "a" }), article({ owner: "b" })];
  expect(ownersOf(articles)).toEqual(["a", "b"]);
});

test("the console knows the pages that it has", () => {
  expect(["/console/articles", "/console/learning/", "/console/other", "/console"].map(pageInPath)).toEqual([
    "articles",
    "learning",
    null,
    null,
  ]);
});
