import { useEffect, useState } from "preact/hooks";
import type { Job, Language } from "../../../shared/api/types";
import { fill, span } from "../../../shared/language";
import { useWords } from "../App";
import type { Words } from "../words/en";
import { Icon } from "./icons";

/** A job as the customer follows it: what, how far, and the number it got in the back office. */
export function JobCard({ job }: { job: Job }) {
  const { words, language } = useWords();
  const now = useNow(!job.settled_at && isRunning(job));
  const kind = words.kinds[job.kind] ?? job.kind.replaceAll("_", " ");
  const status = statusOf(job, words);
  return (
    <article
      class="job"
      data-testid="job-card"
      data-status={job.status}
      data-kind={job.kind}
      aria-label={fill(words.jobLabel, { kind, status })}
    >
      <span class="job-sign" aria-hidden="true">
        <Icon name={SIGNS[job.status] ?? "gear"} />
      </span>
      <div class="job-body">
        <p class="job-kind">
          {kind}
          {job.order_number && <span class="job-order">{fill(words.order, { number: job.order_number })}</span>}
        </p>
        <p class="job-status">
          {status}
          {job.reference && (
            <b class="job-reference" data-testid="job-reference">
              {job.reference}
            </b>
          )}
        </p>
        {job.steps.length > 0 && (
          <ol class="job-behind" data-testid="job-behind">
            {job.steps.map((step) => (
              <li key={step}>{words.steps[step] ?? step.replaceAll("_", " ")}</li>
            ))}
          </ol>
        )}
        <p class="job-expected">{expected(job, now, words, language)}</p>
      </div>
      <span class="job-steps" aria-hidden="true">
        <i /> <i /> <i />
      </span>
    </article>
  );
}

const SIGNS: Partial<Record<Job["status"], "check" | "cross" | "person" | "clock">> = {
  waiting: "clock",
  done: "check",
  refused: "cross",
  cancelled: "cross",
  gave_up: "person",
  needs_review: "person",
};

const isRunning = (job: Job): boolean => job.status === "queued" || job.status === "working";

function statusOf(job: Job, words: Words): string {
  const isSettled = !isRunning(job) && job.status !== "waiting";
  return (isSettled && job.code && words.codes[job.code]) || words.statuses[job.status] || job.status;
}

function expected(job: Job, now: number, words: Words, language: Language): string {
  if (!isRunning(job) || job.expected_seconds === null) return "";
  const passed = (now - Date.parse(job.created_at)) / 1000;
  const most = Math.max(job.expected_p90_seconds ?? 0, job.expected_seconds);
  // A clock that runs apart from the desk's may make this negative; that is not "longer". What
  // waited for a person's word before is not the robot's to be measured by.
  if (passed > most * 1.2 + 5) return job.round > 1 ? "" : words.longer;
  const half = span(Math.max(1, job.expected_seconds), language);
  return most > job.expected_seconds
    ? fill(words.usuallyAndMost, { span: half, most: span(most, language) })
    : fill(words.usually, { span: half });
}

function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
