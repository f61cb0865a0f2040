import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { fill } from "../../../shared/language";
import { lengthOf, LONGEST_MESSAGE } from "../../../shared/text";
import { useWords } from "../App";
import { Icon } from "./icons";

/** From here on the characters left are shown. */
const SHOW_LEFT_FROM = 1800;
const TALLEST_PX = 132;

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  isResolved: boolean;
  isDisabled: boolean;
  onSend: (text: string) => void;
  onTyped: () => void;
  /** The unsent draft, kept across reloads. */
  keep: { read: () => string; write: (text: string) => void };
}

export function Composer({ field, isResolved, isDisabled, onSend, onTyped, keep }: Props) {
  const { words } = useWords();
  const [text, setText] = useState(() => keep.read());
  const length = lengthOf(text);
  const left = LONGEST_MESSAGE - length;
  const canSend = text.trim() !== "" && left >= 0 && !isDisabled;

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST_PX)}px`;
  }, [text, field]);

  const change = (fresh: string) => {
    setText(fresh);
    keep.write(fresh);
    if (fresh.trim()) onTyped();
  };
  const send = () => {
    if (!canSend) return;
    onSend(text.trim());
    setText("");
    keep.write("");
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a character; some browsers say so by 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field" data-over={left < 0 || undefined}>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          disabled={isDisabled}
          aria-label={words.placeholder}
          aria-describedby="composer-left"
          aria-invalid={left < 0}
          placeholder={isResolved ? words.placeholderResolved : words.placeholder}
          data-testid="composer-input"
          enterkeyhint="send"
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button type="submit" class="send" aria-label={words.send} disabled={!canSend} data-testid="send">
          <Icon name="send" />
        </button>
      </div>
      <p id="composer-left" class="left" role="status" data-testid="characters-left" data-over={left < 0 || undefined}>
        {length >= SHOW_LEFT_FROM && fill(left < 0 ? words.over : words.left, { n: Math.abs(left) })}
      </p>
    </form>
  );
}
