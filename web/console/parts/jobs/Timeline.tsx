import { clockTime, dayName } from "../../../shared/language";
import type { WholeJob } from "../../jobs";
import { useWords } from "../../words";

/** What happened to a job, in its order, from being asked for to its end. */
export function Timeline({ job }: { job: WholeJob }) {
  const { words, language } = useWords();
  return (
    <section className="job-timeline">
      <h2>{words.whatHappened}</h2>
      <ol>
        {job.timeline.map((one, at) => (
          <li key={at} data-kind={one.kind} data-testid="happened">
            <span>
              {words.happened[one.kind] ?? one.kind}
              <Detail facts={one.facts} kind={one.kind} />
            </span>
            <time dateTime={one.at}>
              {dayName(one.at, language)} {clockTime(one.at, language)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Detail({ facts, kind }: { facts: Record<string, unknown>; kind: string }) {
  const { words } = useWords();
  const step = kind === "job.step" ? String(facts["step"] ?? "") : "";
  const code = String(facts["code"] ?? "");
  const told = step ? (words.steps[step] ?? step.replaceAll("_", " ")) : code ? (words.codes[code] ?? code) : "";
  return told ? <span className="quiet"> {told}</span> : null;
}
