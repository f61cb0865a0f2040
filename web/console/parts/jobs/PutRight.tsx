import { useState } from "react";
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";
import { Problem } from "../../../shared/api/request";
import { fill } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import type { StaffSession } from "../../../shared/staff/session";
import { problemInWords } from "../../../shared/words/problem";
import { fileUrl, inputsFrom, type RobotRun, type WholeJob } from "../../jobs";
import { useWords } from "../../words";

interface Props {
  job: WholeJob;
  staff: StaffSession;
  onDone: (job: WholeJob) => void;
}

const LONG = new Set(["address", "reason"]);
const LONGEST_MESSAGE = 2000;

/** What to do about a job that failed: correct what is wrong and go on, or close it. */
export function PutRight({ job, staff, onDone }: Props) {
  const { words } = useWords();
  const [written, setWritten] = useState(() => asWritten(job));
  const [message, setMessage] = useState("");
  const [doing, setDoing] = useState<"resume" | "close" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = async (verb: "resume" | "close", body: Record<string, unknown>) => {
    setDoing(verb);
    setProblem(null);
    try {
      const path = `/api/v1/desk/jobs/${job.id}/${verb}`;
      onDone(await staff.ask<WholeJob>(path, { method: "POST", body: { round: job.round, ...body } }));
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(failed);
    } finally {
      setDoing(null);
    }
  };
  const seen = lastPicture(job);
  const names = [...new Set([...Object.keys(job.fields?.properties ?? {}), ...Object.keys(job.inputs)])];
  const isChanged = names.some((name) => (written[name] ?? "") !== (asWritten(job)[name] ?? ""));
  return (
    <section className="put-right" data-testid="put-right">
      <div className="put-right-why" data-status={job.status}>
        <Icon name={job.status === "refused" ? "cross" : "alert"} />
        <span>
          <b>{words.whatNow[job.status] ?? words.statuses[job.status]}</b>{" "}
          {job.code && (words.codes[job.code] ?? job.code)}
          {saidBySystem(job) && <q dir="auto">{saidBySystem(job)}</q>}
        </span>
        {seen && (
          <a className="picture" href={seen} target="_blank" rel="noopener" data-testid="last-picture">
            <img src={seen} alt={words.lastSeen} />
          </a>
        )}
      </div>
      <form
        className="put-right-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act("resume", isChanged ? { inputs: inputsFrom(written, job.fields) } : {});
        }}
      >
        <h2>{words.correctAndResume}</h2>
        {names.map((name) => (
          <TextField
            key={name}
            className="text-field"
            value={written[name] ?? ""}
            onChange={(text) => setWritten({ ...written, [name]: text })}
            maxLength={job.fields?.properties?.[name]?.maxLength ?? 2000}
            isRequired={job.fields?.required?.includes(name) ?? false}
          >
            <Label>{words.slots[name] ?? name.replaceAll("_", " ")}</Label>
            {LONG.has(name) ? (
              <TextArea rows={2} dir="auto" data-testid={`input-${name}`} />
            ) : (
              <Input dir="auto" data-testid={`input-${name}`} />
            )}
          </TextField>
        ))}
        <div className="put-right-actions">
          <Button type="submit" className="button primary" isDisabled={doing !== null} data-testid="resume">
            <Icon name="retry" /> {isChanged ? words.resumeCorrected : words.runAgain}
          </Button>
          {job.conversation_id && <span className="quiet">{words.customerIsTold}</span>}
        </div>
      </form>
      <form
        className="put-right-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act("close", { message });
        }}
      >
        <h2>{words.closeJob}</h2>
        {job.conversation_id ? (
          <TextField className="text-field" value={message} onChange={setMessage} maxLength={LONGEST_MESSAGE}>
            <Label>
              {words.messageToCustomer}{" "}
              {job.language && <span className="quiet">{fill(words.readsIn, { language: words.languages[job.language] ?? job.language })}</span>}
            </Label>
            <TextArea rows={3} dir="auto" data-testid="close-message" />
          </TextField>
        ) : (
          <p className="quiet">{words.nobodyToTell}</p>
        )}
        <div className="put-right-actions">
          <Button
            type="submit"
            className="button"
            isDisabled={doing !== null || (job.conversation_id !== null && !message.trim())}
            data-testid="close-job"
          >
            <Icon name="check" /> {words.closeJob}
          </Button>
        </div>
      </form>
      {problem && (
        <p className="group-problem" role="alert" data-testid="put-right-problem">
          {problem.detail || problemInWords(problem, words.problems)}
        </p>
      )}
    </section>
  );
}

function asWritten(job: WholeJob): Record<string, string> {
  const told = Object.entries(job.inputs).filter(([, value]) => value !== null);
  return Object.fromEntries(told.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** The page as it stood when the robot ended: the last picture that its last run took. */
function lastPicture(job: WholeJob): string | null {
  const run = job.runs.at(-1);
  const picture = run?.files.findLast((file) => file.is_picture && !isOfAStep(run, file.name));
  const name = picture?.name ?? run?.steps.findLast((made) => made.screenshot)?.screenshot;
  return run && name ? fileUrl(job.id, run.number, name) : null;
}

const isOfAStep = (run: RobotRun, name: string): boolean => run.steps.some((made) => made.screenshot === name);

/** The last thing that the driven system is known to have said. */
function saidBySystem(job: WholeJob): string | null {
  return job.runs.findLast((run) => run.message)?.message ?? null;
}
