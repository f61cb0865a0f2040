import { expect, test } from "vitest";
import { contrast, parseHex, readableOn, textOn } from "../shared/colour";
import { chooseLanguage, fill, span } from "../shared/language";
import { initials, lengthOf, sendable, withLinks } from "../shared/text";
import { timeline } from "../shared/timeline";
import { en } from "../shared/words/en";
import { problemInWords } from "../shared/words/problem";
import { zh } from "../shared/words/zh";
import { en as widgetEn } from "../widget/frame/words/en";
import { zh as widgetZh } from "../widget/frame/words/zh";
import { aJob, atSecond, aTurn } from "./builders";

test("a message is as long as the desk counts it, whatever it is written in", () => {
  expect(lengthOf("退款")).toBe(2);
  expect(lengthOf("👩‍👩‍👧")).toBe(5);
});

test("null bytes and halves of characters are not sent", () => {
  expect(sendable("a\0b")).toBe("ab");
  expect(sendable("x\ud800y")).toBe("x\ufffdy");
});

test("only http and https become links, without the sentence's own punctuation", () => {
  const links = withLinks("See https://shop.example/a?b=1, or javascript:alert(1) 或 http://x.example。");
  expect(links.filter((piece) => piece.href).map((piece) => piece.text)).toEqual([
    "https://shop.example/a?b=1",
    "http://x.example",
  ]);
  expect(links.map((piece) => piece.text).join("")).toContain("javascript:alert(1)");
});

test("initials work for names with and without spaces", () => {
  expect([initials("Mia Chen"), initials("王小明"), initials("")]).toEqual(["MC", "王", ""]);
});

test("the wish decides the language, then the browser, then English", () => {
  expect(chooseLanguage("zh-TW", ["en"])).toBe("zh");
  expect(chooseLanguage("de", ["fr", "zh_CN"])).toBe("zh");
  expect(chooseLanguage(null, [])).toBe("en");
});

test("spans are told in their largest whole unit", () => {
  expect(span(59, "en")).toBe("59 seconds");
  expect(span(3 * 3600 + 5, "en", "narrow")).toBe("3h");
  expect(fill("约{span}", { span: span(120, "zh") })).toBe("约2分钟");
});

test("both languages fill the same places", () => {
  const places = (words: object): string[] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === "string"
        ? [...value.matchAll(/\{\w+\}/g)].map(([place]) => `${key}:${place}`)
        : value && typeof value === "object"
          ? places(value as object).map((place) => `${key}.${place}`)
          : [],
    );
  expect(places(widgetZh).sort()).toEqual(places(widgetEn).sort());
});

test("every refusal has its words", () => {
  for (const status of [0, 400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 503]) {
    expect(problemInWords({ status }, en.problems)).not.toBe("");
    expect(problemInWords({ status }, zh.problems)).not.toBe("");
  }
});

test("text on any brand colour reads at 4.5 to 1 or better", () => {
  for (let step = 0; step < 4096; step += 7) {
    const brand = `#${step.toString(16).padStart(3, "0")}`;
    const rgb = parseHex(brand);
    const on = parseHex(textOn(brand));
    expect(rgb && on && contrast(rgb, on)).toBeGreaterThanOrEqual(4.5);
    for (const surface of ["#ffffff", "#171e1c"]) {
      const [moved, ground] = [parseHex(readableOn(brand, surface)), parseHex(surface)];
      expect(moved && ground && contrast(moved, ground)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("a job stands where it was asked for", () => {
  const [before, after] = [aTurn(1), aTurn(3)];
  const job = aJob({ created_at: atSecond(2) });
  expect(timeline([before, after], [job]).map((entry) => entry.turn?.id ?? entry.job?.id)).toEqual([
    before.id,
    job.id,
    after.id,
  ]);
});
