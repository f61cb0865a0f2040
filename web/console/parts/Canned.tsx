import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { AgentView, Person } from "../../shared/api/types";
import { fill } from "../../shared/language";
import type { AgentDesk } from "../desk";
import { filledReply, fitting, soughtIn, type CannedReply } from "../replies";
import { useWords } from "../words";

const LIST = "canned-replies";
const idOf = (at: number) => `${LIST}-${at}`;

/** The list over a reply that begins with a slash. */
export interface Suggesting {
  found: readonly CannedReply[];
  at: number;
  hint: string;
  onPick: (reply: CannedReply) => void;
  /** Whether the key was meant for the list. */
  onKey: (event: KeyboardEvent) => boolean;
  /** What the text field says of the list to whoever cannot see it. */
  aria: Record<string, string>;
}

interface Seeking {
  desk: AgentDesk;
  open: AgentView;
  me: Person;
  text: string;
  onInsert: (text: string) => void;
}

/** Texts kept ready, while the reply is a slash and what is sought. Picking one only writes it into
 * the reply; while the list is there, Enter sends nothing. */
export function useSuggestions({ desk, open, me, text, onInsert }: Seeking): Suggesting | null {
  const { words } = useWords();
  const sought = soughtIn(text);
  const replies = useReplies(desk, sought !== null);
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const [active, setActive] = useState({ sought, at: 0 });
  if (sought === null && closedAt !== null) setClosedAt(null);
  if (sought === null || closedAt !== null) return null;

  const found = Array.isArray(replies) ? fitting(replies, sought, open.language) : [];
  const at = active.sought === sought ? Math.min(active.at, Math.max(0, found.length - 1)) : 0;
  const pick = (reply: CannedReply) => onInsert(filledReply(reply, open.customer_name, me.name));
  const move = (by: number) => setActive({ sought, at: (at + by + found.length) % Math.max(1, found.length) });
  const onKey = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const chosen = found[at];
    if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Escape") setClosedAt(sought);
    else if (key !== "Enter" || shiftKey) return false;
    else if (chosen) pick(chosen);
    return true;
  };
  const hint =
    replies === null
      ? words.loading
      : replies === "away"
        ? words.cannedAway
        : fill(found.length ? words.cannedHint : words.noCanned, { n: found.length });
  const aria: Record<string, string> = { "aria-autocomplete": "list", "aria-haspopup": "listbox" };
  if (found.length) Object.assign(aria, { "aria-controls": LIST, "aria-activedescendant": idOf(at) });
  return { found, at, hint, onPick: pick, onKey, aria };
}

/** All texts, asked for anew each time the list opens; "away" if they cannot be had. */
function useReplies(desk: AgentDesk, isWanted: boolean): readonly CannedReply[] | "away" | null {
  const [replies, setReplies] = useState<readonly CannedReply[] | "away" | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isHere = true;
    const show = (fresh: readonly CannedReply[] | "away") => isHere && setReplies(fresh);
    desk.replies().then(show, () => show("away"));
    return () => void (isHere = false);
  }, [desk, isWanted]);
  return replies;
}

/** The list itself. The keyboard stays in the text field, which names the option that is marked. */
export function CannedList({ suggesting }: { suggesting: Suggesting }) {
  const { words } = useWords();
  const { found, at, onPick } = suggesting;
  const marked = useRef<HTMLLIElement>(null);
  useEffect(() => {
    marked.current?.scrollIntoView({ block: "nearest" });
  }, [at, found.length]);
  if (found.length === 0) return null;
  return (
    <ul id={LIST} className="canned" role="listbox" aria-label={words.replies} data-testid="canned-list">
      {found.map((one, place) => (
        <li
          key={one.id}
          id={idOf(place)}
          ref={place === at ? marked : null}
          role="option"
          aria-selected={place === at}
          data-testid="canned"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(one)}
        >
          <b>/{one.shortcut}</b>
          <span className="tag language">{one.language}</span>
          <span className="canned-body" dir="auto" lang={one.language}>
            {one.body}
          </span>
        </li>
      ))}
    </ul>
  );
}
