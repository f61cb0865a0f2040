import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Loader } from "../widget/loader/loader";
import { originInFragment } from "../widget/frame/host";
import { sealed, type ToFrame, type ToHost } from "../widget/protocol";

// The page in the frame is no part of these tests: it is never loaded.
Object.defineProperty(HTMLIFrameElement.prototype, "src", { set: () => undefined, configurable: true });

const DESK = "https://desk.example.com";
let told: { message: ToFrame; to: string }[] = [];
let seen: string[] = [];
let stop: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [told, seen, stop] = [[], [], []];
  for (const name of ["ready", "error", "opened", "closed", "unread", "message"]) {
    const heard = () => seen.push(name);
    addEventListener(`desk:${name}`, heard);
    stop.push(() => removeEventListener(`desk:${name}`, heard));
  }
});

afterEach(() => {
  for (const one of stop) one();
  document.body.innerHTML = "";
  vi.useRealTimers();
});

function aLoader() {
  const loader = new Loader({ websiteToken: "token", baseUrl: DESK }, { locale: "en" });
  loader.start();
  const shadow = document.body.lastElementChild?.shadowRoot;
  const frame = shadow?.querySelector("iframe") as HTMLIFrameElement;
  const launcher = shadow?.querySelector("button") as HTMLButtonElement;
  const inside = { postMessage: (data: { message: ToFrame }, to: string) => told.push({ message: data.message, to }) };
  Object.defineProperty(frame, "contentWindow", { value: inside });
  const say = (message: ToHost, origin = DESK, source: unknown = inside) =>
    dispatchEvent(Object.assign(new Event("message"), { data: sealed(message), origin, source }));
  const isShown = () => launcher.hidden === false;
  return { loader, frame, launcher, say, isShown };
}

test("nothing shows before the frame has said that it loaded", () => {
  const { loader, frame, say, isShown } = aLoader();
  loader.toggle("open");
  expect(isShown()).toBe(false);
  expect(frame.parentElement?.classList.contains("open")).toBe(false);
  say({ type: "loaded" });
  expect(isShown()).toBe(true);
  expect(frame.parentElement?.classList.contains("open")).toBe(true);
  expect(seen).toEqual(["ready", "opened"]);
});

test("a desk that cannot be reached leaves nothing on the page, and is tried again later", () => {
  aLoader();
  vi.advanceTimersByTime(15_100);
  expect(document.querySelectorAll("body > div")).toHaveLength(0);
  expect(seen).toEqual(["error"]);
  vi.advanceTimersByTime(15_000);
  expect(document.querySelectorAll("body > div")).toHaveLength(1);
});

test("words from another origin or another window are not heard", () => {
  const { say, isShown } = aLoader();
  say({ type: "loaded" }, "https://desk.example.com.evil.test");
  say({ type: "loaded" }, "null");
  say({ type: "loaded" }, DESK, window);
  expect(isShown()).toBe(false);
});

test("everything is posted to the desk's exact origin", () => {
  const { loader, say } = aLoader();
  say({ type: "loaded" });
  loader.setLocale("zh");
  loader.setColorScheme("dark");
  loader.reset();
  expect(told.map((one) => one.message.type)).toEqual(["begin", "locale", "scheme", "reset"]);
  expect(new Set(told.map((one) => one.to))).toEqual(new Set([DESK]));
});

test("a reset asked for before the frame is there is the first thing it is told, before the next user", () => {
  const { loader, say } = aLoader();
  loader.reset();
  loader.setUser("2", { jwt: "signed" });
  say({ type: "loaded" });
  expect(told.map((one) => one.message.type)).toEqual(["begin", "reset", "user"]);
});

test("open or closed is remembered for the next page", () => {
  const first = aLoader();
  first.say({ type: "loaded" });
  first.loader.toggle();
  const second = aLoader();
  second.say({ type: "loaded" });
  expect(second.loader.isOpen).toBe(true);
});

test("a user without a signature is refused, one with a callback is asked for when wanted", async () => {
  const { loader, say } = aLoader();
  say({ type: "loaded" });
  loader.setUser("1", { email: "ada@example.com" });
  expect(seen).toContain("error");
  loader.setUser("1", { jwt: async () => "fresh" });
  say({ type: "jwt-wanted", again: false });
  await vi.runAllTimersAsync();
  expect(told.at(-1)?.message).toEqual({ type: "jwt", jwt: "fresh" });
});

test("the badge counts what is unread while the panel is closed", () => {
  const { loader, launcher, say } = aLoader();
  say({ type: "loaded" });
  say({ type: "unread", count: 120 });
  expect(launcher.querySelector(".badge")?.textContent).toBe("99+");
  expect(launcher.getAttribute("aria-label")).toBe("Open chat, 120 unread");
  loader.toggle("open");
  expect((launcher.querySelector(".badge") as HTMLElement).hidden).toBe(true);
});

test("on() hears an event until it is told to stop", () => {
  const { loader, say } = aLoader();
  const heard: unknown[] = [];
  const off = loader.on("message", (detail) => heard.push(detail.type));
  say({ type: "loaded" });
  const detail = { id: "1", createdAt: "2026-11-22T12:00:00Z", type: "message" };
  say({ type: "event", name: "message", detail });
  off();
  say({ type: "event", name: "message", detail });
  expect(heard).toEqual(["message"]);
});

test("the frame takes only an exact web origin for its host", () => {
  const host = (origin: string) => originInFragment(`#host=${encodeURIComponent(origin)}`);
  expect(host("https://shop.example")).toBe("https://shop.example");
  expect(host("http://127.0.0.1:8090")).toBe("http://127.0.0.1:8090");
  for (const wrong of ["*", "null", "https://shop.example/path", "javascript:alert(1)", "file://", ""])
    expect(host(wrong)).toBeNull();
});
