import { Button, Link } from "react-aria-components";
import { fill, span } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import { problemInWords } from "../../../shared/words/problem";
import { useFetched, type Fetched, type WholeJob } from "../../jobs";
import { pathTo, pathToJobs } from "../../route";
import { useWords } from "../../words";
import { ApprovalCard } from "./Approvals";
import type { JobsProps } from "./Jobs";
import { StatusTag } from "./Jobs";
import { PutRight } from "./PutRight";
import { Runs } from "./Runs";
import { Timeline } from "./Timeline";

/** One job from the chat line that asked for it to the robot's last step, and what to do now. */
export function JobPage({ staff, me, beat, id }: JobsProps & { id: string }) {
  const { words } = useWords();
  const fetched = useFetched<WholeJob>(staff, `/api/v1/desk/jobs/${id}`, beat);
  const { found: job, problem } = fetched;
  if (!job) {
    return (
      <div className="nothing-open" role={problem ? "alert" : "status"}>
        <h2>{problem ? problemInWords(problem, words.problems) : words.loading}</h2>
        {problem && (
          <Link className="button" href={pathToJobs("failed")}>
            {words.back}
          </Link>
        )}
      </div>
    );
  }
  const decide = async (verb: string, reason: string) => {
    const body = verb === "refuse" ? { reason } : undefined;
    await staff.ask(`/api/v1/desk/approvals/${job.approval?.id}/${verb}`, { method: "POST", body });
    fetched.again();
  };
  return (
    <section className="learning jobs" data-testid="job-page" data-status={job.status}>
      <Top job={job} />
      <div className="job-page">
        <div className="job-main">
          {job.approval?.standing === "waiting" && job.status === "waiting" && (
            <ApprovalCard one={job.approval} onDecide={me.role === "agent" ? null : decide} />
          )}
          {job.can_be_resumed && <PutRight key={job.round} job={job} staff={staff} onDone={fetched.show} />}
          {job.closed_by && <p className="note good">{fill(words.closedBy, { name: job.closed_by })}</p>}
          <Runs job={job} />
        </div>
        <div className="job-side">
          <Facts job={job} fetched={fetched} staff={staff} />
          <Timeline job={job} />
        </div>
      </div>
    </section>
  );
}

function Top({ job }: { job: WholeJob }) {
  const { words } = useWords();
  return (
    <header className="learning-top job-top">
      <Link className="button quiet square" href={pathToJobs("failed")} aria-label={words.toTheJobs}>
        <Icon name="back" />
      </Link>
      <div>
        <h1>
          {words.kinds[job.kind] ?? job.kind.replaceAll("_", " ")}
          {job.order_number && <span className="quiet"> {fill(words.order, { number: job.order_number })}</span>}
        </h1>
        <p>
          <StatusTag job={job} /> {job.reference && <code data-testid="job-reference">{job.reference}</code>}
        </p>
      </div>
      {job.conversation_id && (
        <Link className="button" href={pathTo(job.conversation_id)} data-testid="to-conversation">
          <Icon name="chat" /> {words.conversation}
        </Link>
      )}
    </header>
  );
}

interface FactsProps extends Pick<JobsProps, "staff"> {
  job: WholeJob;
  fetched: Fetched<WholeJob>;
}

function Facts({ job, fetched, staff }: FactsProps) {
  const { words, language } = useWords();
  const isWaiting = job.status === "queued" || job.status === "waiting";
  const told = Object.entries(job.inputs).filter(([, value]) => value !== null && value !== "");
  const cancel = async () => {
    fetched.show(await staff.ask<WholeJob>(`/api/v1/desk/jobs/${job.id}/cancel`, { method: "POST" }));
  };
  return (
    <section className="job-facts">
      <h2>{words.askedFor}</h2>
      <dl className="facts">
        <dt>{words.by}</dt>
        <dd dir="auto">{job.customer_name ?? (job.conversation_id ? words.guest : words.askers[job.asked_by])}</dd>
        {told.map(([name, value]) => (
          <FactLine key={name} name={words.slots[name] ?? name.replaceAll("_", " ")} value={value} />
        ))}
        <dt>{words.expected}</dt>
        <dd>
          {fill(words.expectedSpan, {
            half: span(job.expected_seconds, language),
            most: span(job.expected_p90_seconds, language),
          })}
        </dd>
      </dl>
      {isWaiting && (
        <Button className="button" onPress={() => void cancel().catch(fetched.again)} data-testid="cancel-job">
          {words.cancelJob}
        </Button>
      )}
    </section>
  );
}

function FactLine({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value)}</dd>
    </>
  );
}
