import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../shared/api/request";
import { Outbox, type Unsent } from "../shared/outbox";
import { memoryStore } from "../shared/storage";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cut = () => new Problem(0, "unreachable", "");
const nothing = () => undefined;

/** A desk that takes each client_id once, and answers or refuses as told. */
function aDesk(answers: (Problem | "taken but answer lost" | "ok")[]) {
  const taken: Unsent[] = [];
  const deliver = async (message: Unsent) => {
    const answer = answers.shift() ?? "ok";
    if (answer instanceof Problem) throw answer;
    if (!taken.some((known) => known.client_id === message.client_id)) taken.push(message);
    if (answer !== "ok") throw cut();
  };
  return { taken, deliver };
}

const texts = (messages: readonly Unsent[]) => messages.map((one) => one.text);

test("a message is kept until it is acknowledged, and then no longer", async () => {
  const store = memoryStore();
  const { taken, deliver } = aDesk([]);
  const outbox = new Outbox(store, "outbox", deliver, nothing);
  outbox.add("hello");
  expect(store.read("outbox")).toContain("hello");
  await vi.runAllTimersAsync();
  expect(texts(taken)).toEqual(["hello"]);
  expect(store.read("outbox")).toBeNull();
});

test("a message whose answer was lost is not doubled by the retry", async () => {
  const { taken, deliver } = aDesk(["taken but answer lost", cut(), "ok"]);
  const outbox = new Outbox(memoryStore(), "outbox", deliver, nothing);
  outbox.add("once");
  await vi.runAllTimersAsync();
  expect(texts(taken)).toEqual(["once"]);
  expect(outbox.messages).toEqual([]);
});

test("messages arrive in the order they were written, across failures", async () => {
  const { taken, deliver } = aDesk([cut(), cut(), "ok", cut(), "ok"]);
  const outbox = new Outbox(memoryStore(), "outbox", deliver, nothing);
  for (const text of ["one", "two", "three"]) outbox.add(text);
  await vi.runAllTimersAsync();
  expect(texts(taken)).toEqual(["one", "two", "three"]);
});

test("after a reload the message is sent under the same client_id", async () => {
  const store = memoryStore();
  const before = new Outbox(store, "outbox", () => new Promise(nothing), nothing);
  const { client_id } = before.add("still here");
  const { taken, deliver } = aDesk([]);
  const after = new Outbox(store, "outbox", deliver, nothing);
  void after.flush();
  await vi.runAllTimersAsync();
  expect(taken.map((one) => one.client_id)).toEqual([client_id]);
});

test("a refused message waits for its writer and does not hold up the next", async () => {
  const { taken, deliver } = aDesk([new Problem(413, "TooLong", "")]);
  const outbox = new Outbox(memoryStore(), "outbox", deliver, nothing);
  const { client_id } = outbox.add("too long");
  outbox.add("fine");
  await vi.runAllTimersAsync();
  expect(texts(taken)).toEqual(["fine"]);
  expect(outbox.messages).toMatchObject([{ client_id, state: "refused", problem: { status: 413 } }]);
  outbox.retry(client_id);
  await vi.runAllTimersAsync();
  expect(outbox.messages).toEqual([]);
});

test("the desk's Retry-After is waited for", async () => {
  const { taken, deliver } = aDesk([new Problem(429, "TooMany", "", 30)]);
  const outbox = new Outbox(memoryStore(), "outbox", deliver, nothing);
  outbox.add("patience");
  await vi.advanceTimersByTimeAsync(29_000);
  expect(taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(texts(taken)).toEqual(["patience"]);
});

test("two tabs do not wipe out each other's messages", async () => {
  const store = memoryStore();
  const never = () => new Promise<void>(nothing);
  const [one, other] = [new Outbox(store, "outbox", never, nothing), new Outbox(store, "outbox", never, nothing)];
  one.add("from one");
  other.add("from the other");
  expect(texts(JSON.parse(store.read("outbox") ?? "[]") as Unsent[])).toEqual(["from one", "from the other"]);
});

test("what is stored unreadably is passed over", () => {
  const store = memoryStore();
  store.write("outbox", "{broken");
  expect(new Outbox(store, "outbox", async () => undefined, nothing).messages).toEqual([]);
});
