import { chooseLanguage } from "../../shared/language";
import { opened, sealed, type EventDetail, type FrameSettings, type ToFrame, type ToHost } from "../protocol";
import { Panel } from "./panel";

export interface DeskSettings {
  locale?: string;
  position?: "left" | "right";
  colorScheme?: FrameSettings["colorScheme"];
  brandColor?: string;
}

export interface RunOptions {
  websiteToken: string;
  baseUrl: string;
}

/** Who the site's own customer is. `jwt` is signed by the site's server; a function is asked
 * for a fresh one whenever the desk needs it. */
export interface SiteUser {
  name?: string;
  email?: string;
  jwt?: string | (() => string | Promise<string>);
}

const OPEN_KEY = "kaidesk:open";
/** A frame that has said nothing for this long is taken down and tried again later. */
const LOAD_SECONDS = 15;
const RETRY_SECONDS = [15, 60, 300];

/** One widget on one host page: keeps the frame, relays commands to it and events from it. */
export class Loader {
  hasLoaded = false;
  readonly #base: URL;
  #panel: Panel | null = null;
  #user: { id: string; user: SiteUser } | null = null;
  #locale: string;
  #scheme: FrameSettings["colorScheme"];
  #isBubbleShown = true;
  #mustReset = false;
  #wantsOpen = remembered();
  #tries = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly settings: DeskSettings,
  ) {
    this.#base = new URL(options.baseUrl, location.href);
    this.#locale = settings.locale ?? "auto";
    this.#scheme = settings.colorScheme ?? "auto";
    window.addEventListener("message", this.#hear);
  }

  get isOpen(): boolean {
    return this.#wantsOpen && this.hasLoaded;
  }

  /** Put the frame on the page. Nothing of it shows until it has loaded. */
  start(): void {
    const brand = this.settings.brandColor ?? null;
    const source = new URL(`/widget/frame#host=${encodeURIComponent(location.origin)}`, this.#base).href;
    this.#panel = new Panel(source, this.settings.position === "left" ? "left" : "right", brand, () => this.toggle());
    this.#panel.speak(this.#language());
    this.#panel.bubble(this.#isBubbleShown);
    this.#deadline = setTimeout(() => this.#giveUp(), LOAD_SECONDS * 1000);
  }

  toggle(state?: "open" | "close"): void {
    const isOpen = state === undefined ? !this.#wantsOpen : state === "open";
    if (isOpen === this.#wantsOpen) return;
    this.#wantsOpen = isOpen;
    remember(isOpen);
    if (this.hasLoaded) this.#show();
  }

  toggleBubbleVisibility(state: "show" | "hide"): void {
    this.#isBubbleShown = state === "show";
    this.#panel?.bubble(this.#isBubbleShown);
  }

  setUser(id: string, user: SiteUser = {}): void {
    if (!user.jwt) return emit("error", { code: "jwt_missing", detail: "setUser needs a jwt signed by your server." });
    this.#user = { id: String(id), user };
    this.#tell({ type: "user", id: this.#user.id });
  }

  setLocale(locale: string): void {
    this.#locale = locale;
    this.#panel?.speak(this.#language());
    this.#tell({ type: "locale", locale });
  }

  setColorScheme(colorScheme: FrameSettings["colorScheme"]): void {
    this.#scheme = colorScheme;
    this.#tell({ type: "scheme", colorScheme });
  }

  reset(): void {
    this.#user = null;
    this.toggle("close");
    // Asked for before the frame is there, it is the first thing the frame is told.
    this.#mustReset = !this.hasLoaded;
    this.#tell({ type: "reset" });
  }

  /** Hear `desk:<name>` events; the answer stops it. */
  on(name: string, listener: (detail: EventDetail) => void): () => void {
    const heard = (event: Event) => listener((event as CustomEvent<EventDetail>).detail);
    window.addEventListener(`desk:${name}`, heard);
    return () => window.removeEventListener(`desk:${name}`, heard);
  }

  #language(): "en" | "zh" {
    return chooseLanguage(this.#locale === "auto" ? document.documentElement.lang : this.#locale, navigator.languages);
  }

  #tell(message: ToFrame): void {
    if (this.hasLoaded) this.#panel?.frame.contentWindow?.postMessage(sealed(message), this.#base.origin);
  }

  #hear = (event: MessageEvent): void => {
    if (event.origin !== this.#base.origin || event.source !== this.#panel?.frame.contentWindow) return;
    const message = opened<ToHost>(event.data);
    if (!message) return;
    if (message.type === "loaded") this.#begin();
    else if (message.type === "close") this.toggle("close");
    else if (message.type === "unread") this.#unread(message.count);
    else if (message.type === "jwt-wanted") void this.#sendJwt(message.again);
    else if (message.type === "event") dispatch(message.name, message.detail);
  };

  #begin(): void {
    clearTimeout(this.#deadline);
    const isFirst = !this.hasLoaded;
    this.hasLoaded = true;
    this.#tries = 0;
    const locale = this.#locale === "auto" ? this.#language() : this.#locale;
    const { websiteToken } = this.options;
    const brandColor = this.settings.brandColor ?? null;
    this.#tell({
      type: "begin",
      settings: { websiteToken, locale, colorScheme: this.#scheme, brandColor, open: this.#wantsOpen },
    });
    if (this.#mustReset) this.#tell({ type: "reset" });
    this.#mustReset = false;
    if (this.#user) this.#tell({ type: "user", id: this.#user.id });
    this.#panel?.loaded(true);
    if (isFirst) emit("ready", {});
    if (this.#wantsOpen) this.#show();
  }

  #show(): void {
    this.#panel?.open(this.#wantsOpen);
    this.#tell({ type: this.#wantsOpen ? "opened" : "closed" });
    emit(this.#wantsOpen ? "opened" : "closed", {});
  }

  #unread(count: number): void {
    this.#panel?.unread(count);
    emit("unread", { count });
  }

  async #sendJwt(again: boolean): Promise<void> {
    const source = this.#user?.user.jwt;
    // A plain token that was refused is not worth showing again.
    if (again && typeof source !== "function") return this.#tell({ type: "jwt", jwt: null });
    let jwt: string | null = null;
    try {
      jwt = (typeof source === "function" ? await source() : source) || null;
    } catch {
      // Told below, like a callback that has nothing to give.
    }
    if (!jwt) emit("error", { code: "jwt_missing", detail: "The page gave no signed word of who its customer is." });
    this.#tell({ type: "jwt", jwt });
  }

  #giveUp(): void {
    this.#panel?.remove();
    this.#panel = null;
    emit("error", { code: "unreachable", detail: "The desk could not be reached." });
    const wait = RETRY_SECONDS[Math.min(this.#tries, RETRY_SECONDS.length - 1)] ?? 300;
    this.#tries += 1;
    setTimeout(() => this.start(), wait * 1000);
  }
}

export function emit(type: string, more: Record<string, unknown>): void {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  dispatch(type, { id, createdAt: new Date().toISOString(), type, ...more });
}

function dispatch(name: string, detail: EventDetail): void {
  window.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));
}

function remembered(): boolean {
  try {
    return localStorage.getItem(OPEN_KEY) === "1";
  } catch {
    return false;
  }
}

function remember(isOpen: boolean): void {
  try {
    localStorage.setItem(OPEN_KEY, isOpen ? "1" : "0");
  } catch {
    // Not being remembered is all that is lost where storage is forbidden.
  }
}
