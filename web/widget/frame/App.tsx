import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type { Language } from "../../shared/api/types";
import type { CustomerDesk, View } from "./desk";
import { Composer } from "./parts/Composer";
import { Log } from "./parts/Log";
import { Notices } from "./parts/Notices";
import { TopBar } from "./parts/TopBar";
import { Welcome } from "./parts/Welcome";
import { en, type Words } from "./words/en";
import { zh } from "./words/zh";

export interface Spoken {
  words: Words;
  language: Language;
}

const Language = createContext<Spoken>({ words: en, language: "en" });
export const useWords = (): Spoken => useContext(Language);

interface Props {
  desk: CustomerDesk;
  view: View;
  language: Language;
  onLanguage: (language: Language) => void;
  onClose: () => void;
}

export function App({ desk, view, language, onLanguage, onClose }: Props) {
  const composer = useRef<HTMLTextAreaElement>(null);
  const { conversation, unsent } = view;
  const isFresh = !conversation && !view.isLoading && unsent.length === 0;

  useEffect(() => {
    // A touch keyboard that jumps up would cover what the customer came to read.
    if (view.isOpen && matchMedia("(pointer: fine)").matches) composer.current?.focus();
  }, [view.isOpen, conversation?.id]);

  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) onClose();
    };
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, [onClose]);

  const startAnew = () => {
    desk.startAnew();
    composer.current?.focus();
  };

  return (
    <Language.Provider value={{ words: language === "zh" ? zh : en, language }}>
      <main class="panel">
        <TopBar
          conversation={conversation}
          onClose={onClose}
          onLanguage={onLanguage}
          onStartAnew={isFresh ? null : startAnew}
        />
        <Notices view={view} />
        {isFresh ? (
          <Welcome onSay={(text) => desk.send(text)} isUnavailable={view.isUnavailable} />
        ) : (
          <Log desk={desk} view={view} onStartAnew={startAnew} />
        )}
        <Composer
          key={view.generation}
          field={composer}
          isResolved={conversation?.status === "resolved"}
          isDisabled={view.isUnavailable}
          onSend={(text) => desk.send(text)}
          onTyped={() => desk.typed()}
          keep={desk.draft}
        />
      </main>
    </Language.Provider>
  );
}
