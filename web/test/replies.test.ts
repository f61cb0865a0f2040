import { expect, test } from "vitest";
import { filledReply, fitting, soughtIn, type CannedReply } from "../console/replies";
import { pageInPath } from "../console/route";

const aReply = (shortcut: string, language: string, body = "…"): CannedReply => ({
  id: `${shortcut}-${language}`,
  shortcut,
  language,
  body,
});

test("only a slash at the very beginning, and one word, seeks a text", () => {
  const texts = ["/", "/Ret", "/退", "/ret now", " /ret", "a/b", "", "/a\n"];
  expect(texts.map(soughtIn)).toEqual(["", "ret", "退", null, null, null, null, null]);
});

test("texts in the conversation's language come first, then by how well the shortcut fits", () => {
  const replies = [
    aReply("late-return", "zh"),
    aReply("returns", "en"),
    aReply("returns", "zh"),
    aReply("hello", "zh", "You can return it"),
    aReply("hello", "en"),
  ];
  const found = fitting(replies, "ret", "zh").map((one) => one.id);
  expect(found).toEqual(["returns-zh", "late-return-zh", "hello-zh", "returns-en"]);
  expect(fitting(replies, "", "en")).toHaveLength(5);
});

test("names are filled in as they are written, and nobody stays in braces", () => {
  const reply = aReply("hello", "en", "{customer_name}, {customer_name}: {agent_name}");
  expect(filledReply(reply, "$& {agent_name}", "Alex")).toBe("$& {agent_name}, $& {agent_name}: Alex");
  expect(filledReply(reply, null, "Alex")).toBe("there, there: Alex");
  expect(filledReply({ ...reply, language: "zh" }, null, "A")).toContain("顾客");
});

test("the page where texts are kept has an address", () => {
  expect([pageInPath("/console/replies"), pageInPath("/console/replies/x")]).toEqual(["replies", null]);
});
