import { useState } from "react";
import { Button, Link } from "react-aria-components";
import type { Person } from "../../../shared/api/types";
import { fill, span } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import type { StaffSession } from "../../../shared/staff/session";
import { useFetched, type JobList, type JobListed, type JobTab } from "../../jobs";
import { pathToJob, pathToJobs } from "../../route";
import { useWords } from "../../words";
import { Meanwhile, PageTop, Tabs } from "../Page";
import { secondsSince, useNow } from "../now";
import { Approvals } from "./Approvals";
import { Schedules } from "./Schedules";

export interface JobsProps {
  staff: StaffSession;
  me: Person;
  /** Changes whenever something about jobs has happened. */
  beat: number;
}

/** What robots do and what people have to see to: one list at a time. */
export function Jobs({ staff, me, beat, tab }: JobsProps & { tab: JobTab }) {
  const { words } = useWords();
  const counts = useFetched<JobList>(staff, "/api/v1/desk/jobs?limit=1", beat).found?.counts;
  const waiting: Partial<Record<JobTab, number>> = { failed: counts?.failed ?? 0, approvals: counts?.waiting ?? 0 };
  return (
    <section className="learning jobs" data-testid="jobs">
      <PageTop title={words.robotJobs} about={words.tabsLong[tab]} />
      <Tabs
        name={words.robotJobs}
        tabs={TABS.map((one) => ({
          id: `tab-${one}`,
          href: pathToJobs(one),
          title: words.tabs[one],
          isOpen: one === tab,
          count: waiting[one] ?? 0,
        }))}
      />
      {tab === "approvals" ? (
        <Approvals staff={staff} me={me} beat={beat} />
      ) : tab === "schedules" ? (
        <Schedules staff={staff} me={me} beat={beat} />
      ) : (
        <List key={tab} staff={staff} beat={beat} tab={tab} />
      )}
    </section>
  );
}

const TABS: readonly JobTab[] = ["failed", "approvals", "open", "ended", "schedules"];

const AT_ONCE = 50;

function List({ staff, beat, tab }: { staff: StaffSession; beat: number; tab: JobTab }) {
  const { words } = useWords();
  const [pages, setPages] = useState(1);
  const path = `/api/v1/desk/jobs?state=${tab}&limit=${Math.min(200, AT_ONCE * pages)}`;
  const { found, problem, again } = useFetched<JobList>(staff, path, beat);
  if (!found) return <Meanwhile problem={problem} again={again} />;
  if (found.items.length === 0) {
    return (
      <div className="nothing-open">
        <Icon name="robot" />
        <h2>{words.tabsEmpty[tab]}</h2>
      </div>
    );
  }
  return (
    <div className="jobs-body">
      <ul className="job-list">
        {found.items.map((job) => (
          <li key={job.id}>
            <JobItem job={job} />
          </li>
        ))}
      </ul>
      {found.next_cursor && pages < 4 && (
        <Button className="button" onPress={() => setPages(pages + 1)} data-testid="more-jobs">
          {words.more}
        </Button>
      )}
    </div>
  );
}

function JobItem({ job }: { job: JobListed }) {
  const { words, language } = useWords();
  const now = useNow();
  const at = job.settled_at ?? job.created_at;
  return (
    <Link className="job-item" href={pathToJob(job.id)} data-testid="job-item" data-status={job.status}>
      <span className="job-item-top">
        <b>{words.kinds[job.kind] ?? job.kind.replaceAll("_", " ")}</b>
        {job.order_number && <span className="quiet">{fill(words.order, { number: job.order_number })}</span>}
        <time dateTime={at}>{fill(words.ago, { span: span(secondsSince(at, now), language, "narrow") })}</time>
      </span>
      <span className="job-item-rest">
        <StatusTag job={job} />
        <span dir="auto">{job.customer_name ?? (job.conversation_id ? words.guest : words.askers[job.asked_by])}</span>
        {job.attempts > 1 && <span className="quiet">{fill(words.nAttempts, { n: job.attempts })}</span>}
        {job.reference && <code>{job.reference}</code>}
      </span>
    </Link>
  );
}

/** How a job stands, and what the system said of it. */
export function StatusTag({ job }: { job: Pick<JobListed, "status" | "code" | "last_step"> }) {
  const { words } = useWords();
  const said = job.code && (words.codes[job.code] ?? job.code.replaceAll("_", " ").toLowerCase());
  const step = job.status === "working" && job.last_step ? (words.steps[job.last_step] ?? null) : null;
  return (
    <span className="status-tag" data-status={job.status} data-testid="job-status">
      {words.statuses[job.status] ?? job.status}
      {said && job.status !== "done" ? ` · ${said}` : ""}
      {step ? ` · ${step}` : ""}
    </span>
  );
}
