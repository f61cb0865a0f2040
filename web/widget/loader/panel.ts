import { brandStyle, ICONS, LOOK } from "./look";

const WORDS = {
  en: { open: "Open chat", close: "Close chat", unread: "unread", title: "Chat with support" },
  zh: { open: "打开聊天", close: "关闭聊天", unread: "条未读", title: "客服聊天" },
};

/** The launcher button and the frame, in a shadow root of their own. Neither takes room or
 * clicks from the host page until the frame has said that it loaded. */
export class Panel {
  readonly frame: HTMLIFrameElement;
  readonly #host = document.createElement("div");
  readonly #root: HTMLDivElement;
  readonly #launcher: HTMLButtonElement;
  readonly #badge: HTMLSpanElement;
  #language: "en" | "zh" = "en";
  #isOpen = false;
  #unread = 0;
  #isBubbleShown = true;
  #hasLoaded = false;

  constructor(source: string, position: "left" | "right", brand: string | null, onLaunch: () => void) {
    const shadow = this.#host.attachShadow({ mode: "open" });
    addStyle(shadow, LOOK);
    this.#root = document.createElement("div");
    this.#root.className = position;
    const { brand: colour, onBrand } = brandStyle(brand);
    this.#root.style.setProperty("--brand", colour);
    this.#root.style.setProperty("--on-brand", onBrand);

    this.frame = document.createElement("iframe");
    this.frame.className = "panel";
    this.frame.id = "panel";
    this.frame.src = source;
    this.frame.allow = "clipboard-write";
    this.frame.dataset["testid"] = "widget-frame";

    this.#launcher = document.createElement("button");
    this.#launcher.type = "button";
    this.#launcher.className = "launcher";
    this.#launcher.hidden = true;
    this.#launcher.dataset["testid"] = "widget-launcher";
    this.#launcher.innerHTML = ICONS;
    this.#launcher.setAttribute("aria-haspopup", "dialog");
    this.#launcher.addEventListener("click", onLaunch);
    this.#badge = document.createElement("span");
    this.#badge.className = "badge";
    this.#badge.hidden = true;
    this.#badge.dataset["testid"] = "widget-unread";
    this.#launcher.append(this.#badge);

    this.#root.append(this.frame, this.#launcher);
    shadow.append(this.#root);
    this.#paint();
    document.body.append(this.#host);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  speak(language: "en" | "zh"): void {
    this.#language = language;
    this.#paint();
  }

  loaded(hasLoaded: boolean): void {
    this.#hasLoaded = hasLoaded;
    this.#paint();
  }

  open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#paint();
    if (isOpen) this.frame.focus();
    else if (this.#host.shadowRoot?.activeElement === this.frame) this.#launcher.focus();
  }

  unread(count: number): void {
    this.#unread = count;
    this.#paint();
  }

  bubble(isShown: boolean): void {
    this.#isBubbleShown = isShown;
    this.#paint();
  }

  remove(): void {
    this.#host.remove();
  }

  #paint(): void {
    const words = WORDS[this.#language];
    this.frame.title = words.title;
    this.#root.classList.toggle("open", this.#isOpen && this.#hasLoaded);
    this.#launcher.hidden = !this.#hasLoaded || !this.#isBubbleShown;
    this.#launcher.setAttribute("aria-expanded", String(this.#isOpen));
    this.#badge.hidden = this.#unread === 0 || this.#isOpen;
    this.#badge.textContent = this.#unread > 99 ? "99+" : String(this.#unread);
    const label = this.#isOpen ? words.close : words.open;
    this.#launcher.setAttribute(
      "aria-label",
      this.#unread && !this.#isOpen ? `${label}, ${this.#unread} ${words.unread}` : label,
    );
  }
}

/** A constructed sheet passes any style-src the host page may have; a style element may not. */
function addStyle(shadow: ShadowRoot, css: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    shadow.append(style);
  }
}
