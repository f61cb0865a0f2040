import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import type { AgentView } from "../../shared/api/types";
import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import { lengthOf, LONGEST_MESSAGE } from "../../shared/text";
import type { AgentDesk } from "../desk";
import { useWords } from "../words";

const SHOW_LEFT_FROM = 1800;
const TALLEST_PX = 200;

export function Reply({ desk, open }: { desk: AgentDesk; open: AgentView }) {
  const { words } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => desk.draft.read(open.id));
  const left = LONGEST_MESSAGE - lengthOf(text);
  const canSend = text.trim() !== "" && left >= 0;

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST_PX)}px`;
  }, [text]);

  const change = (fresh: string) => {
    setText(fresh);
    desk.draft.write(open.id, fresh);
    if (fresh.trim()) desk.typed(open.id);
  };
  const send = () => {
    if (!canSend) return;
    desk.send(open.id, text.trim());
    setText("");
    desk.draft.write(open.id, "");
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a character.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  const isCounting = left <= LONGEST_MESSAGE - SHOW_LEFT_FROM;
  return (
    <footer className="reply">
      <div className="reply-field" data-over={left < 0 || undefined}>
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          autoFocus={matchMedia("(pointer: fine)").matches}
          value={text}
          placeholder={fill(words.reply, { name: open.customer_name ?? words.guest })}
          aria-label={fill(words.reply, { name: open.customer_name ?? words.guest })}
          aria-describedby="reply-hint"
          aria-invalid={left < 0}
          data-testid="reply-input"
          onChange={(event) => change(event.target.value)}
          onKeyDown={pressed}
        />
        <Button
          className="button person square"
          aria-label={words.send}
          isDisabled={!canSend}
          onPress={send}
          data-testid="send"
        >
          <Icon name="send" />
        </Button>
      </div>
      <p id="reply-hint" className="reply-hint" data-over={left < 0 || undefined} aria-live="polite">
        {isCounting ? fill(left < 0 ? words.over : words.left, { n: Math.abs(left) }) : words.replyHint}
      </p>
    </footer>
  );
}
