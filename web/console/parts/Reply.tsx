import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { AgentView, Person } from "../../shared/api/types";
import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import { lengthOf, LONGEST_MESSAGE, LONGEST_NOTE } from "../../shared/text";
import type { AgentDesk } from "../desk";
import { useWords } from "../words";
import { CannedList, useSuggestions, type Suggesting } from "./Canned";

const SHOW_LEFT_WITHIN = 200;
const TALLEST_PX = 200;

interface SwitchProps {
  isNoting: boolean;
  onNoting: (isNoting: boolean) => void;
}

/** Whether the next words are for the customer or for colleagues. */
export function Switch({ isNoting, onNoting }: SwitchProps) {
  const { words } = useWords();
  return (
    <ToggleButtonGroup
      className="who-reads"
      aria-label={words.whoReads}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[isNoting ? "note" : "reply"]}
      onSelectionChange={(keys) => onNoting(keys.has("note"))}
    >
      <ToggleButton id="reply" data-testid="switch-reply">
        <Icon name="person" /> {words.toCustomer}
      </ToggleButton>
      <ToggleButton id="note" data-testid="switch-note">
        <Icon name="note" /> {words.toColleagues}
      </ToggleButton>
    </ToggleButtonGroup>
  );
}

export function Reply({ desk, open, me }: { desk: AgentDesk; open: AgentView; me: Person }) {
  const { words } = useWords();
  const label = fill(words.reply, { name: open.customer_name ?? words.guest });
  const [text, setText] = useDraft(desk.draft, open.id);
  const change = (fresh: string) => {
    setText(fresh);
    if (fresh.trim()) desk.typed(open.id);
  };
  const suggesting = useSuggestions({ desk, open, me, text, onInsert: setText });
  return (
    <Box
      kind="reply"
      text={text}
      longest={LONGEST_MESSAGE}
      label={label}
      hint={words.replyHint}
      suggesting={suggesting}
      onChange={change}
      onSend={() => {
        desk.send(open.id, text.trim());
        setText("");
      }}
    >
      <Icon name="send" /> <span className="wide-only">{words.send}</span>
    </Box>
  );
}

/** A note to colleagues. It has its own draft and its own way out: no switch turns it into a reply. */
export function NoteBox({ desk, open }: { desk: AgentDesk; open: AgentView }) {
  const { words } = useWords();
  const [text, setText] = useDraft(desk.noteDraft, open.id);
  return (
    <Box
      kind="note"
      text={text}
      longest={LONGEST_NOTE}
      label={words.noteField}
      hint={words.noteHint}
      onChange={setText}
      onSend={() => {
        desk.addNote(open.id, text.trim());
        setText("");
      }}
    >
      <Icon name="note" /> {words.addNote}
    </Box>
  );
}

interface BoxProps {
  kind: "reply" | "note";
  text: string;
  longest: number;
  label: string;
  hint: string;
  suggesting?: Suggesting | null;
  onChange: (text: string) => void;
  onSend: () => void;
  children: ReactNode;
}

function Box({ kind, text, longest, label, hint, suggesting, onChange, onSend, children }: BoxProps) {
  const { words } = useWords();
  const field = useTallAsItsText(text);
  const left = longest - lengthOf(text);
  const canSend = text.trim() !== "" && left >= 0;
  const send = () => {
    if (!canSend) return;
    onSend();
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a character.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const isForList = suggesting?.onKey(event) ?? false;
    if (!isForList && (event.key !== "Enter" || event.shiftKey)) return;
    event.preventDefault();
    if (!isForList) send();
  };
  return (
    <div className="reply" data-kind={kind}>
      {suggesting && <CannedList suggesting={suggesting} />}
      <div className="reply-field" data-over={left < 0 || undefined}>
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          autoFocus={matchMedia("(pointer: fine)").matches}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-describedby={`${kind}-hint`}
          aria-invalid={left < 0}
          {...suggesting?.aria}
          data-testid={`${kind}-input`}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={pressed}
        />
        <Button
          className={`button ${kind === "reply" ? "person" : "noting"}`}
          isDisabled={!canSend}
          onPress={send}
          data-testid={kind === "reply" ? "send" : "add-note"}
        >
          {children}
        </Button>
      </div>
      <p id={`${kind}-hint`} className="reply-hint" data-over={left < 0 || undefined} aria-live="polite">
        {left <= SHOW_LEFT_WITHIN
          ? fill(left < 0 ? words.over : words.left, { n: Math.abs(left) })
          : (suggesting?.hint ?? hint)}
      </p>
    </div>
  );
}

type Draft = AgentDesk["draft"];

function useDraft(draft: Draft, id: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => draft.read(id));
  const keep = (fresh: string) => {
    setText(fresh);
    draft.write(id, fresh);
  };
  return [text, keep];
}

function useTallAsItsText(text: string) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST_PX)}px`;
  }, [text]);
  return field;
}
