import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { backoffSeconds } from "../shared/backoff";
import type { Problem } from "../shared/api/request";
import { EventStream, type StreamOptions, type StreamState } from "../shared/stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Line = { headers: Headers; say: (text: string) => void; end: () => void };

/** A desk whose streams the test holds in its hand. */
function aDesk(refusals: Response[] = []) {
  const lines: Line[] = [];
  const connect = async (_url: unknown, asked: RequestInit = {}) => {
    const refused = refusals.shift();
    if (refused) return refused;
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pipe.writable.getWriter();
    const encoder = new TextEncoder();
    lines.push({
      headers: new Headers(asked.headers),
      say: (text) => void writer.write(encoder.encode(text)).catch(() => undefined),
      end: () => void writer.close().catch(() => undefined),
    });
    asked.signal?.addEventListener(
      "abort",
      () => void writer.abort(new DOMException("cut", "AbortError")).catch(() => undefined),
    );
    return new Response(pipe.readable);
  };
  return { lines, connect: connect as typeof fetch };
}

function aReader(desk: ReturnType<typeof aDesk>, more: Partial<StreamOptions> = {}) {
  const heard: unknown[] = [];
  const states: StreamState[] = [];
  const refused: Problem[] = [];
  const begun: (string | number | null)[] = [];
  const stream = new EventStream({
    url: "/stream",
    fetch: desk.connect,
    begin: async (_silent, last) => {
      begun.push(last);
      return last ?? "7";
    },
    onEvent: (kind, data) => heard.push([kind, data]),
    onState: (state) => states.push(state),
    onRefused: (problem) => refused.push(problem),
    ...more,
  });
  return { stream, heard, states, refused, begun };
}

const settle = () => vi.advanceTimersByTimeAsync(1);

test("it begins at the state's position and hears events cut anywhere", async () => {
  const desk = aDesk();
  const reader = aReader(desk);
  await settle();
  expect(desk.lines[0]?.headers.get("Last-Event-ID")).toBe("7");
  desk.lines[0]?.say("id: 8\nevent: turn.created\nda");
  desk.lines[0]?.say('ta: {"text":"你好"}\n\n');
  await settle();
  expect(reader.heard).toEqual([["turn.created", { text: "你好" }]]);
  reader.stream.close();
});

test("after a lost line it resumes from the last event seen", async () => {
  const desk = aDesk();
  const reader = aReader(desk);
  await settle();
  desk.lines[0]?.say("id: 9\nevent: x\ndata: {}\n\n");
  await settle();
  desk.lines[0]?.end();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(desk.lines[1]?.headers.get("Last-Event-ID")).toBe("9");
  expect(reader.states).toEqual(["connecting", "live", "lost", "live"]);
  reader.stream.close();
});

test("a signal without an id does not move the place", async () => {
  const desk = aDesk();
  const reader = aReader(desk);
  await settle();
  desk.lines[0]?.say("id: 9\nevent: x\ndata: {}\n\nevent: typing\ndata: {}\n\n");
  await settle();
  desk.lines[0]?.end();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(reader.begun).toEqual([null, "9"]);
  reader.stream.close();
});

test("a line that falls silent is dropped, a beating one is kept", async () => {
  const desk = aDesk();
  const reader = aReader(desk);
  await settle();
  for (let beats = 0; beats < 6; beats += 1) {
    await vi.advanceTimersByTimeAsync(15_000);
    desk.lines[0]?.say(": beat\n\n");
  }
  await settle();
  expect(desk.lines).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(desk.lines.length).toBeGreaterThan(1);
  reader.stream.close();
});

test("every sign of life of the desk is passed on, so that ours can go out without a timer", async () => {
  const desk = aDesk();
  let signs = 0;
  const reader = aReader(desk, { onSign: () => (signs += 1) });
  await settle();
  for (const said of [": open\n\n", ": beat\n\n", 'id: 8\nevent: turn.created\ndata: {"text":"a"}\n\n']) {
    desk.lines[0]?.say(said);
    await settle();
  }
  expect(signs).toBe(3);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(signs).toBe(3);
  reader.stream.close();
});

test("being online again ends the wait at once", async () => {
  const unavailable = () => new Response("", { status: 503 });
  const desk = aDesk([unavailable(), unavailable(), unavailable(), unavailable(), unavailable(), unavailable()]);
  const reader = aReader(desk);
  await vi.advanceTimersByTimeAsync(12_000);
  desk.lines.length = 0;
  while (desk.lines.length === 0) {
    dispatchEvent(new Event("online"));
    await settle();
  }
  expect(reader.states.at(-1)).toBe("live");
  reader.stream.close();
});

test("a machine that slept reconnects as it wakes", async () => {
  const desk = aDesk();
  const reader = aReader(desk);
  await settle();
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(desk.lines.length).toBeGreaterThan(1);
  reader.stream.close();
});

test("a widget nobody looks at gives its line up, and catches up when looked at again", async () => {
  const look = (state: string) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  const desk = aDesk();
  const reader = aReader(desk, { restsWhenHidden: true });
  await settle();
  desk.lines[0]?.say("id: 9\nevent: x\ndata: {}\n\n");
  look("hidden");
  await vi.advanceTimersByTimeAsync(600_000);
  expect(desk.lines).toHaveLength(1);
  expect(reader.states).not.toContain("lost");
  look("visible");
  await settle();
  expect(desk.lines[1]?.headers.get("Last-Event-ID")).toBe("9");
  reader.stream.close();
});

test("a refusal that waiting cannot mend stops it", async () => {
  const desk = aDesk([new Response('{"code":"NotSignedIn"}', { status: 401 })]);
  const reader = aReader(desk);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reader.refused.map((problem) => problem.code)).toEqual(["NotSignedIn"]);
  expect(desk.lines).toHaveLength(0);
});

test("a closed stream asks no more", async () => {
  const desk = aDesk([new Response("", { status: 503 })]);
  const reader = aReader(desk);
  await settle();
  reader.stream.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(desk.lines).toHaveLength(0);
});

test("waits double up to a ceiling, and no two screens wait alike", () => {
  const waits = [1, 2, 3, 4, 20].map((failures) => backoffSeconds(failures, { random: () => 1 }));
  expect(waits).toEqual([0.5, 1, 2, 4, 20]);
  expect(backoffSeconds(3, { random: () => 0 })).toBe(1);
});
