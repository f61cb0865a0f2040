import type { AgentView, Promised, Summary } from "../../../shared/api/types";
import { fill } from "../../../shared/language";
import { Icon, type IconName } from "../../../shared/staff/Icon";
import { dayAndTime, promiseInWords, targetInWords, toneOf, type Tone } from "../../promises";
import { useWords } from "../../words";
import { useNow } from "../now";

/** A sign of its own for each tone, so that nobody needs the colour. */
const SIGNS: Record<Tone, IconName> = {
  calm: "clock",
  risk: "alert",
  broken: "broken",
  paused: "pause",
  met: "check",
  dropped: "cross",
};

/** What is promised next, and how long there is. */
export function PromiseChip({ promise }: { promise: Promised }) {
  const { words, language } = useWords();
  const now = useNow();
  const tone = toneOf(promise, now);
  return (
    <span className="promise-chip" data-tone={tone} data-what={promise.what} data-testid="promise">
      <Icon name={SIGNS[tone]} /> {promiseInWords(promise, now, words, language)}
    </span>
  );
}

/** The same on a conversation's line and header. While the bot has it, people owe nothing. */
export function PromiseNext({ one }: { one: Summary }) {
  if (!one.promise || one.answered_by === "bot") return null;
  return <PromiseChip promise={one.promise} />;
}

/** Everything that was promised in a conversation, beside it. */
export function PromiseFacts({ open }: { open: AgentView }) {
  const { words } = useWords();
  if (open.promises.length === 0) return null;
  return (
    <section data-testid="promises-made">
      <h2>{words.promises}</h2>
      <ul className="promise-facts">
        {[...open.promises].reverse().map((one) => (
          <li key={one.id}>
            <PromiseChip promise={one} />
            <PromiseFact promise={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PromiseFact({ promise }: { promise: Promised }) {
  const { words, language } = useWords();
  const within = targetInWords(promise.target_seconds, false, words, language);
  const parts = [fill(words.promiseWithin, { span: within }), promise.policy_name];
  if (promise.due_at) parts.unshift(fill(words.promiseDueAt, { at: dayAndTime(promise.due_at, language) }));
  if (promise.told && !promise.ended_at) parts.push(fill(words.promiseTold, { who: words.tells[promise.told] ?? "" }));
  return <span className="quiet">{parts.join(" · ")}</span>;
}
