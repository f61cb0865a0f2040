import { render } from "preact";
import "../../shared/tokens.css";
import "../../shared/base.css";
import "./frame.css";
import type { DeskEvent, Language } from "../../shared/api/types";
import { chooseLanguage, tagOf } from "../../shared/language";
import { readableOn, textOn } from "../../shared/colour";
import { applyScheme, type Scheme } from "../../shared/scheme";
import { browserStore } from "../../shared/storage";
import type { EventName, FrameSettings } from "../protocol";
import { App } from "./App";
import { CustomerDesk, type View } from "./desk";
import { Host } from "./host";

const NEWS: Record<string, EventName> = {
  "conversation.handoff_requested": "handoff-requested",
  "conversation.handoff_accepted": "handoff-accepted",
  "conversation.resolved": "resolved",
};

let desk: CustomerDesk | null = null;
let view: View | null = null;
let language: Language = "en";
let undoScheme = () => undefined as void;

const host = new Host((message) => {
  if (message.type === "begin") begin(message.settings);
  else if (message.type === "opened" || message.type === "closed") desk?.open(message.type === "opened");
  else if (message.type === "user") desk?.identity.set(message.id);
  else if (message.type === "jwt") void desk?.identity.present(message.jwt);
  else if (message.type === "locale") speak(message.locale);
  else if (message.type === "scheme") paint(message.colorScheme);
  else if (message.type === "reset") desk?.reset();
});

function begin(settings: FrameSettings): void {
  paint(settings.colorScheme);
  brand(settings.brandColor);
  speak(settings.locale);
  if (desk) return;
  desk = new CustomerDesk({
    store: browserStore("kaidesk:"),
    websiteToken: settings.websiteToken,
    language: () => language,
    onView: (fresh) => {
      view = fresh;
      draw();
    },
    onUnread: (count) => host.tell({ type: "unread", count }),
    onNews: tellNews,
    onError: (code, detail) => tell("error", { id: code, createdAt: new Date().toISOString(), code, detail }),
    askForJwt: (again) => host.tell({ type: "jwt-wanted", again }),
  });
  view = desk.view;
  desk.open(settings.open);
  draw();
}

function tellNews(event: DeskEvent): void {
  const about = { id: String(event.position), createdAt: event.created_at, conversationId: event.conversation_id };
  if (event.turn && event.kind === "turn.created" && event.turn.author !== "customer") {
    const { id, author, author_name, text } = event.turn;
    tell("message", { ...about, turnId: id, author, authorName: author_name, text });
  }
  if (event.job) tell("job-updated", { ...about, job: event.job });
  const name = NEWS[event.kind];
  if (name) tell(name, about);
}

function tell(name: EventName, detail: { id: string; createdAt: string; [more: string]: unknown }): void {
  host.tell({ type: "event", name, detail: { ...detail, type: name } });
}

function speak(locale: string): void {
  language = chooseLanguage(locale === "auto" ? null : locale, navigator.languages);
  document.documentElement.lang = tagOf(language);
  draw();
}

function paint(scheme: Scheme): void {
  undoScheme();
  undoScheme = applyScheme(scheme);
}

/** The site's own colour in place of pine, moved as far as contrast needs. */
function brand(colour: string | null): void {
  if (!colour || !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour)) return;
  const rules = [
    [":root", "#ffffff"],
    [':root[data-scheme="dark"]', "#171e1c"],
  ].map(([selector, surface]) => {
    const fitting = readableOn(colour, surface as string);
    return `${selector}{--pine:${fitting};--pine-strong:${fitting};--pine-ink:${fitting};--on-pine:${textOn(fitting)};--band:${colour};--on-band:${textOn(colour)};--own:${fitting};--on-own:${textOn(fitting)}}`;
  });
  const style = document.createElement("style");
  style.textContent = rules.join("");
  document.head.append(style);
}

function draw(): void {
  const root = document.getElementById("app");
  if (!root || !desk || !view) return;
  render(
    <App desk={desk} view={view} language={language} onLanguage={speak} onClose={() => host.tell({ type: "close" })} />,
    root,
  );
}

host.tell({ type: "loaded" });
