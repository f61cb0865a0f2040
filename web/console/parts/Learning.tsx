import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { Problem } from "../../shared/api/request";
import { fill, span } from "../../shared/language";
import { Icon, Mark } from "../../shared/staff/Icon";
import type { StaffSession } from "../../shared/staff/session";
import { problemInWords } from "../../shared/words/problem";
import type { Language } from "../../shared/api/types";
import { useWords } from "../words";
import { PageTop } from "./Page";
import { Mood } from "./Mood";
import { secondsSince, useNow } from "./now";

/** Messages that mean about the same and were not understood (GET /improvement/not-understood). */
export interface MissedGroup {
  key: string;
  language: Language;
  phrases: readonly string[];
  count: number;
  conversations: number;
  sentiment: number | null;
  last_at: string;
  messages: readonly { text: string; turn_ids: readonly string[] }[];
}

type Left = ReadonlySet<string>;

interface NotUnderstood {
  messages: number;
  groups: readonly MissedGroup[];
  intents: readonly string[];
}

interface Taught {
  taught: number;
  files: readonly string[];
}

/** What the bot did not understand, by meaning, and the teaching of it. */
export function Learning({ staff }: { staff: StaffSession }) {
  const { words } = useWords();
  const [found, setFound] = useState<NotUnderstood | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    staff.ask<NotUnderstood>("/api/v1/improvement/not-understood", { signal: leaving.signal, timeoutSeconds: 60 }).then(
      (answer) => leaving.signal.aborted || (setFound(answer), setProblem(null)),
      (failed: unknown) => {
        if (!leaving.signal.aborted) setProblem(failed instanceof Problem ? failed : new Problem(0, "", String(failed)));
      },
    );
    return () => leaving.abort();
  }, [staff, attempt]);
  return (
    <section className="learning" data-testid="learning">
      <PageTop title={words.learning} about={words.learningLong} />
      {problem ? (
        <div className="nothing-open" role="alert" data-testid="learning-problem">
          <h2>{problem.status === 403 ? words.onlySupervisors : problemInWords(problem, words.problems)}</h2>
          {problem.status !== 403 && (
            <Button className="button" onPress={() => setAttempt(attempt + 1)}>
              {words.retry}
            </Button>
          )}
        </div>
      ) : !found ? (
        <p className="nothing-open" role="status">
          {words.loading}
        </p>
      ) : found.groups.length === 0 ? (
        <div className="nothing-open" data-testid="learning-empty">
          <Mark />
          <h2>{words.allUnderstood}</h2>
          <p>{words.allUnderstoodLong}</p>
        </div>
      ) : (
        <ol className="groups">
          {found.groups.map((group) => (
            <li key={group.key}>
              <Group group={group} intents={found.intents} staff={staff} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

interface GroupProps {
  group: MissedGroup;
  intents: readonly string[];
  staff: StaffSession;
}

function Group({ group, intents, staff }: GroupProps) {
  const { words, language } = useWords();
  const now = useNow();
  const [taught, setTaught] = useState<(Taught & { intent: string }) | null>(null);
  const [left, setLeft] = useState<Left>(new Set());
  if (taught) {
    return (
      <article className="group" data-taught data-testid="taught" aria-live="polite">
        <p>
          <Icon name="check" /> {fill(words.taught, { n: taught.taught, intent: nameOf(taught.intent, words.intents) })}
        </p>
        <p className="group-files">
          {taught.files.map((file) => (
            <code key={file}>nlu_data/train/{file}</code>
          ))}
        </p>
        <p className="group-next">{words.taughtNext}</p>
      </article>
    );
  }
  return (
    <article className="group" data-testid="group" data-language={group.language}>
      <header className="group-top">
        <h2 dir="auto" lang={group.language}>
          {group.phrases.length ? group.phrases.join(" · ") : words.noPhrase}
        </h2>
        <span className="group-count" data-testid="group-count">
          {fill(group.count === 1 ? words.oneMessage : words.messages, { n: group.count })}
        </span>
        <Mood score={group.sentiment} />
        <span className="tag language">{group.language}</span>
        <time>{fill(words.lastAgo, { span: span(secondsSince(group.last_at, now), language, "narrow") })}</time>
      </header>
      <Messages group={group} left={left} onLeft={setLeft} />
      <Teach group={group} left={left} intents={intents} staff={staff} onTaught={setTaught} />
    </article>
  );
}

const SHOWN_AT_FIRST = 4;
const MOST_AT_ONCE = 500;

interface MessagesProps {
  group: MissedGroup;
  /** Messages that are not to be taught with the others. */
  left: Left;
  onLeft: (left: Left) => void;
}

function Messages({ group, left, onLeft }: MessagesProps) {
  const { words } = useWords();
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? group.messages : group.messages.slice(0, SHOWN_AT_FIRST);
  const more = group.messages.length - shown.length;
  const toggle = (text: string, isWanted: boolean) => {
    const fresh = new Set(left);
    if (isWanted) fresh.delete(text);
    else fresh.add(text);
    onLeft(fresh);
  };
  return (
    <>
      <ul className="group-messages" lang={group.language}>
        {shown.map(({ text, turn_ids }) => (
          <li key={text}>
            <label>
              <input
                type="checkbox"
                checked={!left.has(text)}
                onChange={(event) => toggle(text, event.target.checked)}
                data-testid="message"
              />
              <span dir="auto">{text}</span>
              {turn_ids.length > 1 && <span className="count">{turn_ids.length}</span>}
            </label>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Button className="button quiet" onPress={() => setOpen(true)}>
          {fill(words.showMore, { n: more })}
        </Button>
      )}
    </>
  );
}

interface TeachProps extends GroupProps {
  left: Left;
  onTaught: (taught: Taught & { intent: string }) => void;
}

function Teach({ group, left, intents, staff, onTaught }: TeachProps) {
  const { words } = useWords();
  const [intent, setIntent] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const chosen = group.messages.filter(({ text }) => !left.has(text)).flatMap(({ turn_ids }) => turn_ids);
  const teach = async () => {
    setBusy(true);
    try {
      const body = { turn_ids: chosen.slice(0, MOST_AT_ONCE), intent };
      onTaught({ ...(await staff.ask<Taught>("/api/v1/improvement/lessons", { method: "POST", body })), intent });
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="group-teach">
      <label>
        <span>{words.thisMeans}</span>
        <select value={intent} onChange={(event) => setIntent(event.target.value)} data-testid="intent">
          <option value="">{words.chooseIntent}</option>
          {intents.map((one) => (
            <option key={one} value={one}>
              {nameOf(one, words.intents)}
            </option>
          ))}
        </select>
      </label>
      <Button className="button primary" isDisabled={!intent || isBusy || chosen.length === 0} onPress={() => void teach()} data-testid="teach">
        {words.teach}
      </Button>
      {problem && (
        <p className="group-problem" role="alert">
          {problem.detail || problemInWords(problem, words.problems)}
        </p>
      )}
    </div>
  );
}

const nameOf = (intent: string, known: Record<string, string>): string => known[intent] ?? intent.replaceAll("_", " ");
