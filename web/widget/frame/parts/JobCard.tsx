import { useEffect, useState } from "preact/hooks";
import type { Job, Language } from "../../../shared/api/types";
import { fill, span } from "../../../shared/language";
import { useWords } from "../App";
import type { Words } from "../words/en";
import { Icon } from "./icons";

/** A job as the customer follows it: what, how far, and the number it got in the back office. */
export function JobCard({ job }: { job: Job }) {
  const { words, language } = useWords();
  const now = useNow(!job.settled_at && (job.status === "queued" || job.status === "working"));
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
        <Icon
          name={
            job.status === "done"
              ? "check"
              : job.status === "refused"
                ? "cross"
                : job.status === "gave_up"
                  ? "person"
                  : "gear"
          }
        />
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
        <p class="job-expected">{expected(job, now, words, language)}</p>
      </div>
      <span class="job-steps" aria-hidden="true">
        <i /> <i /> <i />
      </span>
    </article>
  );
}

function statusOf(job: Job, words: Words): string {
  const isSettled = job.status === "done" || job.status === "refused" || job.status === "gave_up";
  return (isSettled && job.code && words.codes[job.code]) || words.statuses[job.status] || job.status;
}

function expected(job: Job, now: number, words: Words, language: Language): string {
  if (job.status !== "queued" && job.status !== "working") return "";
  if (job.expected_seconds === null) return "";
  const passed = (now - Date.parse(job.created_at)) / 1000;
  // A clock that runs apart from the desk's may make this negative; that is not "longer".
  if (passed > job.expected_seconds * 1.5 + 5) return words.longer;
  return fill(words.usually, { span: span(Math.max(1, job.expected_seconds), language) });
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
