import { useEffect, useRef, useState } from "preact/hooks";
import type { ConversationState, Language } from "../../../shared/api/types";
import { fill, span } from "../../../shared/language";
import { initials } from "../../../shared/text";
import { useWords } from "../App";
import type { Words } from "../words/en";
import { Icon, Mark } from "./icons";

interface Props {
  conversation: ConversationState | null;
  onClose: () => void;
  onLanguage: (language: Language) => void;
  /** Null when there is nothing to leave. */
  onStartAnew: (() => void) | null;
}

export function TopBar({ conversation, onClose, onLanguage, onStartAnew }: Props) {
  const { words, language } = useWords();
  const isPerson = conversation?.status === "open" && conversation.answered_by === "agent";
  return (
    <header class="top" data-with={isPerson ? "person" : (conversation?.answered_by ?? "bot")}>
      <span class="who" aria-hidden="true">
        {isPerson ? initials(conversation.agent_name ?? "") || <Icon name="person" /> : <Mark />}
      </span>
      <div class="title">
        <h1>{isPerson ? (conversation.agent_name ?? words.name) : words.name}</h1>
        <p role="status" data-testid="status-line">
          {statusLine(conversation, words, language)}
        </p>
      </div>
      <Menu onLanguage={onLanguage} onStartAnew={onStartAnew} />
      <button type="button" class="quiet" aria-label={words.close} data-testid="close" onClick={onClose}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function statusLine(conversation: ConversationState | null, words: Words, language: Language): string {
  if (conversation?.status === "resolved") return words.resolvedStatus;
  if (conversation?.answered_by === "queue") {
    const place = conversation.queue_position;
    const seconds = conversation.expected_wait_seconds;
    if (place && seconds) return fill(words.waitingAbout, { n: place, span: span(Math.ceil(seconds / 60) * 60, language) });
    return place ? fill(words.waitingPlace, { n: place }) : words.waitingForPerson;
  }
  if (conversation?.answered_by === "agent") return words.withAPerson;
  return words.assistant;
}

function Menu({ onLanguage, onStartAnew }: Pick<Props, "onLanguage" | "onStartAnew">) {
  const { words, language } = useWords();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const items = () => Array.from(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []);

  useEffect(() => {
    if (!isOpen) return;
    items()[0]?.focus();
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const move = (event: KeyboardEvent) => {
    if (!isOpen) return;
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      return close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  const chosen = (act: () => void) => () => {
    setOpen(false);
    act();
  };

  return (
    <div class="menu" ref={box} onKeyDown={move}>
      <button
        type="button"
        class="quiet"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={words.options}
        data-testid="menu"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="dots" />
      </button>
      {isOpen && (
        <ul role="menu">
          {onStartAnew && (
            <li role="none">
              <button type="button" role="menuitem" data-testid="menu-new-conversation" onClick={chosen(onStartAnew)}>
                <Icon name="plus" /> {words.newConversation}
              </button>
            </li>
          )}
          <li role="none">
            <button
              type="button"
              role="menuitem"
              data-testid="menu-language"
              lang={language === "zh" ? "en" : "zh-CN"}
              onClick={chosen(() => onLanguage(language === "zh" ? "en" : "zh"))}
            >
              <Icon name="globe" /> {words.languageOther}
            </button>
          </li>
        </ul>
      )}
    </div>
  );
}
