import { emit, Loader, type DeskSettings, type RunOptions } from "./loader";

const COMMANDS = ["toggle", "toggleBubbleVisibility", "setUser", "setLocale", "setColorScheme", "reset", "on"] as const;

type Command = (typeof COMMANDS)[number];
type Desk = ((...call: unknown[]) => unknown) & { q?: ArrayLike<unknown>[] | { push(call: ArrayLike<unknown>): void } };

declare global {
  interface Window {
    deskSettings?: DeskSettings;
    $desk?: Desk;
    deskSDK?: { run(options: RunOptions): void };
  }
}

/** Start the widget, then carry out what the page asked for before it was there. */
function run(options: RunOptions): void {
  if (started) return;
  started = true;
  const loader = new Loader(options, window.deskSettings ?? {});
  const early: Desk = window.$desk ?? (() => undefined);
  const waiting = Array.isArray(early.q) ? early.q : [];

  const call = (words: ArrayLike<unknown>): unknown => {
    const [command, ...rest] = Array.from(words);
    if (COMMANDS.includes(command as Command)) {
      return (loader[command as Command] as (...given: unknown[]) => unknown).apply(loader, rest);
    }
    return emit("error", { code: "unknown_command", detail: `There is no command ${String(command)}.` });
  };
  const desk: Desk = (...words: unknown[]) => call(words);
  // A page may have kept the early function: it goes on working, through its own queue.
  early.q = { push: (words: ArrayLike<unknown>) => void call(words) };
  for (const one of [desk, early]) {
    for (const command of COMMANDS) Object.assign(one, { [command]: (...rest: unknown[]) => call([command, ...rest]) });
    Object.defineProperty(one, "isOpen", { get: () => loader.isOpen });
    Object.defineProperty(one, "hasLoaded", { get: () => loader.hasLoaded });
  }
  window.$desk = desk;
  for (const words of waiting) call(words);
  whenReady(() => loader.start());
}

let started = false;

/** After the host page's own things have loaded: the chat must not slow them down. */
function whenReady(start: () => void): void {
  if (document.readyState === "complete") setTimeout(start, 0);
  else window.addEventListener("load", () => setTimeout(start, 0), { once: true });
}

window.deskSDK = { run };
