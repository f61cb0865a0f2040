import { Button, Link } from "react-aria-components";
import type { AgentTurn, AgentView, Job, Note } from "../../shared/api/types";
import { clockTime, dayName, fill, tagOf } from "../../shared/language";
import type { Unsent } from "../../shared/outbox";
import { Icon, Mark } from "../../shared/staff/Icon";
import { withLinks, withNames } from "../../shared/text";
import { timeline, withNotes, type NotedEntry } from "../../shared/timeline";
import { problemInWords } from "../../shared/words/problem";
import type { AgentDesk } from "../desk";
import { pathToJob } from "../route";
import { useWords } from "../words";
import { Mood, Upset } from "./Mood";

interface Props {
  open: AgentView;
  unsent: readonly Unsent[];
  unsentNotes: readonly Unsent[];
  desk: AgentDesk;
}

/** Everything said, everything asked of robots, and what colleagues noted, in its order. */
export function Talk({ open, unsent, unsentNotes, desk }: Props) {
  const { words } = useWords();
  const entries = withNotes(timeline(open.turns, open.jobs), open.notes);
  return (
    <div role="log" aria-live="polite" aria-label={words.conversation} data-testid="log">
      <ol className="turns">
        {entries.map((entry, at) => (
          <Line
            key={(entry.turn ?? entry.job ?? entry.note).id}
            entry={entry}
            before={entries[at - 1]}
            customer={open.customer_name}
          />
        ))}
        {unsent.map((message) => (
          <li
            key={message.client_id}
            className="turn mine"
            data-testid="turn"
            data-author="agent"
            data-state={message.state}
          >
            <div className="said">
              <p className="bubble" dir="auto">
                {message.text}
              </p>
              <p className="under" data-bad={message.state === "refused" || undefined}>
                <Delivery message={message} onRetry={desk.retry} onDiscard={desk.discard} />
              </p>
            </div>
          </li>
        ))}
        {unsentNotes.map((message) => (
          <li key={message.client_id} className="slip" data-testid="unsent-note" data-state={message.state}>
            <p className="slip-text" dir="auto">
              {message.text}
            </p>
            <p className="under" data-bad={message.state === "refused" || undefined}>
              <Delivery message={message} onRetry={desk.retryNote} onDiscard={desk.discardNote} />
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface DeliveryProps {
  message: Unsent;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}

function Delivery({ message, onRetry, onDiscard }: DeliveryProps) {
  const { words } = useWords();
  const isRefused = message.state === "refused";
  if (!isRefused && message.failures < 2) return <>{words.sending}</>;
  return (
    <>
      {isRefused
        ? `${words.notSent} ${problemInWords(message.problem ?? { status: -1 }, words.problems)}`
        : words.delayed}
      <Button className="text-button" onPress={() => onRetry(message.client_id)} data-testid="retry">
        <Icon name="retry" /> {words.retry}
      </Button>
      {isRefused && (
        <Button className="text-button" onPress={() => onDiscard(message.client_id)} data-testid="discard">
          <Icon name="trash" /> {words.discard}
        </Button>
      )}
    </>
  );
}

interface LineProps {
  entry: NotedEntry<AgentTurn>;
  before: NotedEntry<AgentTurn> | undefined;
  customer: string | null;
}

function Line({ entry, before, customer }: LineProps) {
  const { language } = useWords();
  const at = (entry.turn ?? entry.job ?? entry.note).created_at;
  const earlier = before && (before.turn ?? before.job ?? before.note).created_at;
  const isNewDay = !earlier || new Date(earlier).toDateString() !== new Date(at).toDateString();
  return (
    <>
      {isNewDay && <li className="day">{dayName(at, language)}</li>}
      {entry.job ? (
        <JobLine job={entry.job} />
      ) : entry.note ? (
        <NoteSlip note={entry.note} />
      ) : (
        <TurnLine
          turn={entry.turn}
          isFirst={isNewDay || before?.turn?.author !== entry.turn.author}
          customer={customer}
        />
      )}
    </>
  );
}

function TurnLine({ turn, isFirst, customer }: { turn: AgentTurn; isFirst: boolean; customer: string | null }) {
  const { words, language } = useWords();
  const { author } = turn;
  const name = author === "customer" ? (customer ?? words.guest) : (turn.author_name ?? words[author]);
  return (
    <li
      className={author === "customer" ? "turn" : "turn mine"}
      data-testid="turn"
      data-author={author}
      data-first={isFirst || undefined}
    >
      <div className="said">
        {isFirst ? (
          <p className="name" dir="auto">
            {author === "bot" && <Mark />} {name}
          </p>
        ) : (
          <span className="offscreen">{name}: </span>
        )}
        <p className="bubble" dir="auto">
          <Linked text={turn.text} />
        </p>
        <p className="under">
          <time dateTime={turn.created_at}>{clockTime(turn.created_at, language)}</time>
          <Understood turn={turn} />
        </p>
      </div>
    </li>
  );
}

/** A colleague's note: a slip of paper across the talk, so that nobody takes it for something said. */
function NoteSlip({ note }: { note: Note }) {
  const { words, language } = useWords();
  const names = note.mentions.map((named) => named.name);
  return (
    <li className="slip" data-testid="note">
      <p className="slip-top">
        <Icon name="note" />
        <b dir="auto">{fill(words.noteOf, { name: note.author_name })}</b>
        <span>{words.onlyColleagues}</span>
        <time dateTime={note.created_at}>{clockTime(note.created_at, language)}</time>
      </p>
      <p className="slip-text" dir="auto">
        {withNames(note.text, names).map((piece, at) =>
          piece.isName ? (
            <b key={at} className="named">
              {piece.text}
            </b>
          ) : (
            <Linked key={at} text={piece.text} />
          ),
        )}
      </p>
    </li>
  );
}

function Linked({ text }: { text: string }) {
  return withLinks(text).map((piece, at) =>
    piece.href ? (
      <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}

/** What the bot took a message to mean, small and grey: for the one look that needs it. */
function Understood({ turn }: { turn: AgentTurn }) {
  const { words, language } = useWords();
  if (turn.author !== "customer") return null;
  const percent =
    turn.confidence === null
      ? null
      : new Intl.NumberFormat(tagOf(language), { style: "percent", maximumFractionDigits: 0 }).format(turn.confidence);
  return (
    <>
      {turn.intent && (
        <span
          className="understood"
          title={percent ? fill(words.sure, { percent }) : undefined}
          data-testid="understood"
        >
          {words.intents[turn.intent] ?? turn.intent.replaceAll("_", " ")} {percent}
        </span>
      )}
      <Mood score={turn.sentiment} />
      <Upset chance={turn.upset} />
    </>
  );
}

/** A job where it was asked for: one click to its steps, pictures and logs. */
function JobLine({ job }: { job: Job }) {
  const { words, language } = useWords();
  const isOpen = job.status === "queued" || job.status === "waiting" || job.status === "working";
  const status = (!isOpen && job.code && words.codes[job.code]) || words.statuses[job.status] || job.status;
  return (
    <li className="job" data-testid="job-card" data-status={job.status} data-kind={job.kind}>
      <Icon name="robot" />
      <Link href={pathToJob(job.id)} className="job-to" aria-description={words.openJob} data-testid="to-job">
        <b>{words.kinds[job.kind] ?? job.kind.replaceAll("_", " ")}</b>
        {job.order_number && <span className="job-order"> {fill(words.order, { number: job.order_number })}</span>}
      </Link>
      <span className="job-status">
        {status} {job.reference && <code data-testid="job-reference">{job.reference}</code>}
        {isOpen && job.steps.length > 0 && (
          <span className="job-order"> {job.steps.map((step) => words.steps[step] ?? step).join(" → ")}</span>
        )}
      </span>
      <time dateTime={job.created_at}>{clockTime(job.settled_at ?? job.created_at, language)}</time>
    </li>
  );
}
