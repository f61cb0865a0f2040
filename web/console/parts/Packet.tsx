import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import type { AgentView, HandoffRecord, Job, StaffSurvey } from "../../shared/api/types";
import { clockTime, dayName, fill, span } from "../../shared/language";
import { pathToJob } from "../route";
import { useWords } from "../words";
import { MoodTrend, Upset } from "./Mood";
import { PromiseFacts } from "./promises/Chip";
import { secondsSince, useNow } from "./now";

/** What the agent must know before the first word: why, what for, what is known and was tried. */
export function PacketPane({ open }: { open: AgentView }) {
  const { words } = useWords();
  const handoffs = [...open.handoffs].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const [latest, ...earlier] = handoffs;
  return (
    <aside className="pane" aria-label={words.details}>
      <section data-testid="packet">
        <h2>{words.packet}</h2>
        {latest ? <Facts handoff={latest} /> : <p className="empty">{words.noPacket}</p>}
      </section>
      <PromiseFacts open={open} />
      <CustomerFacts open={open} />
      <section>
        <h2>{words.jobs}</h2>
        {open.jobs.length === 0 ? (
          <p className="empty">{words.noJobs}</p>
        ) : (
          <ol className="job-line">
            {open.jobs.map((job) => (
              <JobStep key={job.id} job={job} />
            ))}
          </ol>
        )}
      </section>
      {open.surveys.some((one) => one.score !== null) && <Ratings surveys={open.surveys} />}
      {earlier.length > 0 && <Earlier handoffs={earlier} />}
    </aside>
  );
}

function Facts({ handoff }: { handoff: HandoffRecord }) {
  const { words } = useWords();
  const { packet } = handoff;
  const known = Object.entries(packet.slots ?? {}).filter(([, value]) => value !== null && value !== "");
  return (
    <dl className="facts">
      <Fact name={words.why}>
        <b>{words.reasons[handoff.reason] ?? handoff.reason}</b>
        <span className="quiet">{words.handoffKinds[handoff.kind] ?? handoff.kind}</span>
      </Fact>
      <Fact name={words.goal}>{packet.goal ? (words.intents[packet.goal] ?? packet.goal) : words.nothing}</Fact>
      <Fact name={words.known}>
        {known.length === 0
          ? words.nothing
          : known.map(([name, value]) => (
              <span key={name} className="slot">
                <span className="quiet">{words.slots[name] ?? name.replaceAll("_", " ")}</span>{" "}
                <span dir="auto">
                  {typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value)}
                </span>
              </span>
            ))}
      </Fact>
      <Fact name={words.tried}>
        {(packet.tried ?? []).length === 0
          ? words.nothing
          : packet.tried.map((one, at) => <span key={at}>{triedInWords(one, words)}</span>)}
      </Fact>
      <Fact name={words.mood}>
        <MoodTrend scores={packet.sentiment_trend ?? []} /> <Upset chance={packet.upset} />
      </Fact>
      {(packet.open_jobs ?? []).length > 0 && (
        <Fact name={words.openJobs}>
          {packet.open_jobs.map((one, at) => (
            <span key={at}>{words.kinds[one] ?? one}</span>
          ))}
        </Fact>
      )}
      {(packet.missing ?? []).length > 0 && (
        <Fact name={words.missing}>
          {packet.missing.map((one) => (
            <span key={one} className="missing">
              {words.missingNames[one] ?? one}
            </span>
          ))}
        </Fact>
      )}
      {handoff.note && <Fact name={words.noteLeft}>{handoff.note}</Fact>}
    </dl>
  );
}

function triedInWords(one: string, words: ReturnType<typeof useWords>["words"]): string {
  return words.intents[one] ?? words.kinds[one] ?? words.codes[one] ?? one;
}

function CustomerFacts({ open }: { open: AgentView }) {
  const { words } = useWords();
  const { name, email, identity_level } = open.customer;
  return (
    <section>
      <h2>{words.customer}</h2>
      <dl className="facts">
        <Fact name={words.identity}>
          <span className="level" data-level={identity_level} data-testid="identity-level">
            {words.levels[identity_level] ?? identity_level}
          </span>
        </Fact>
        {name && <Fact name={words.name}>{name}</Fact>}
        {email && <Fact name={words.email}>{email}</Fact>}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function JobStep({ job }: { job: Job }) {
  const { words, language } = useWords();
  const now = useNow(1);
  const isRunning = job.status === "queued" || job.status === "waiting" || job.status === "working";
  const seconds = job.settled_at
    ? (Date.parse(job.settled_at) - Date.parse(job.created_at)) / 1000
    : secondsSince(job.created_at, now);
  const status = (!isRunning && job.code && words.codes[job.code]) || words.statuses[job.status] || job.status;
  return (
    <li data-status={job.status} data-testid="job-step">
      <Link href={pathToJob(job.id)} className="job-to">
        <b>{words.kinds[job.kind] ?? job.kind.replaceAll("_", " ")}</b>
      </Link>
      <span className="job-status">
        {status} {job.reference && <code>{job.reference}</code>}
      </span>
      <span className="quiet">
        {job.order_number && `${fill(words.order, { number: job.order_number })} · `}
        {clockTime(job.created_at, language)} ·{" "}
        {fill(isRunning ? words.since : words.took, { span: span(seconds, language, "narrow") })}
      </span>
    </li>
  );
}

function Ratings({ surveys }: { surveys: readonly StaffSurvey[] }) {
  const { words, language } = useWords();
  return (
    <section data-testid="ratings">
      <h2>{words.ratings}</h2>
      <ul className="earlier">
        {surveys
          .filter((one) => one.score !== null)
          .map((one) => (
            <li key={one.id}>
              <b>{fill(words.ofFive, { score: one.score ?? "" })}</b>
              <span className="quiet">
                {one.agent_name ?? words.resolvers[one.resolver] ?? one.resolver} ·{" "}
                {dayName(one.answered_at ?? one.asked_at, language)}
              </span>
              {one.comment && <q dir="auto">{one.comment}</q>}
            </li>
          ))}
      </ul>
    </section>
  );
}

function Earlier({ handoffs }: { handoffs: readonly HandoffRecord[] }) {
  const { words, language } = useWords();
  return (
    <section>
      <h2>{words.earlier}</h2>
      <ul className="earlier">
        {handoffs.map((one) => (
          <li key={one.id}>
            {words.reasons[one.reason] ?? one.reason}
            <span className="quiet">
              {dayName(one.created_at, language)} {clockTime(one.created_at, language)}
            </span>
            {one.note && <q dir="auto">{one.note}</q>}
          </li>
        ))}
      </ul>
    </section>
  );
}
