import { useState } from "react";
import { Button, Input, Label, Link, TextArea, TextField } from "react-aria-components";
import { Problem } from "../../../shared/api/request";
import { clockTime, dayName, fill } from "../../../shared/language";
import { problemInWords } from "../../../shared/words/problem";
import { useFetched } from "../../jobs";
import { pathToJob } from "../../route";
import { useWords } from "../../words";
import { Meanwhile } from "../Page";
import type { JobsProps } from "./Jobs";

/** A robot started by the clock (GET /desk/schedules). */
interface Schedule {
  id: string;
  name: string;
  kind: string;
  inputs: Record<string, unknown>;
  cron: string;
  next_at: string | null;
  last_at: string | null;
  last_job_id: string | null;
}

interface Found {
  items: Schedule[];
  robots: string[];
}

/** What the clock starts, when next, and what it started last. */
export function Schedules({ staff, me, beat }: JobsProps) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<Found>(staff, "/api/v1/desk/schedules", beat);
  if (!found) return <Meanwhile problem={problem} again={again} />;
  const mayKeep = me.role !== "agent";
  const address = "/api/v1/desk/schedules";
  const keep: Keeping = {
    set: async (id, verb) => {
      await staff.ask(`${address}/${id}/${verb}`, { method: "POST" }).catch(() => undefined);
      again();
    },
    change: async (id, body) => {
      await staff.ask(`${address}/${id}`, { method: "PUT", body });
      again();
    },
    remove: async (id) => {
      await staff.ask(`${address}/${id}`, { method: "DELETE" }).catch(() => undefined);
      again();
    },
  };
  return (
    <div className="jobs-body">
      {found.items.length === 0 ? (
        <p className="empty-line">{words.tabsEmpty.schedules}</p>
      ) : (
        <ul className="job-list">
          {found.items.map((one) => (
            <li key={one.id}>
              <Line one={one} robots={found.robots} keep={mayKeep ? keep : null} />
            </li>
          ))}
        </ul>
      )}
      {mayKeep && (
        <ScheduleForm
          title={words.newSchedule}
          submit={words.addSchedule}
          robots={found.robots}
          onSave={async (body) => {
            await staff.ask(address, { method: "POST", body });
            again();
          }}
        />
      )}
    </div>
  );
}

/** What supervisors may do with a schedule that is there. */
interface Keeping {
  set: (id: string, verb: "pause" | "go-on") => Promise<void>;
  change: (id: string, body: ScheduleBody) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

interface LineProps {
  one: Schedule;
  robots: readonly string[];
  keep: Keeping | null;
}

function Line({ one, robots, keep }: LineProps) {
  const { words, language } = useWords();
  const [doing, setDoing] = useState<"reading" | "changing" | "removing">("reading");
  const at = (iso: string) => `${dayName(iso, language)} ${clockTime(iso, language)}`;
  return (
    <article className="schedule" data-testid="schedule" data-paused={one.next_at ? undefined : ""}>
      <span className="job-item-top">
        <b dir="auto">{one.name}</b>
        <span className="quiet">{words.kinds[one.kind] ?? one.kind.replaceAll("_", " ")}</span>
        <code>{one.cron}</code>
      </span>
      <span className="job-item-rest">
        <span className="status-tag" data-status={one.next_at ? "working" : "cancelled"} data-testid="next-run">
          {one.next_at
            ? fill(words.nextRun, { at: at(one.next_at) })
            : words.paused}
        </span>
        {one.last_at && one.last_job_id && (
          <Link className="text-link" href={pathToJob(one.last_job_id)}>
            {fill(words.lastRun, { at: at(one.last_at) })}
          </Link>
        )}
        {keep && doing !== "removing" && (
          <span className="schedule-verbs">
            <Button
              className="text-button"
              onPress={() => void keep.set(one.id, one.next_at ? "pause" : "go-on")}
              data-testid="set-schedule"
            >
              {one.next_at ? words.pause : words.goOn}
            </Button>
            <Button
              className="text-button"
              onPress={() => setDoing(doing === "changing" ? "reading" : "changing")}
              data-testid="change-schedule"
            >
              {doing === "changing" ? words.leaveAsIs : words.changeSchedule}
            </Button>
            <Button className="text-button" onPress={() => setDoing("removing")} data-testid="remove-schedule">
              {words.removeSchedule}
            </Button>
          </span>
        )}
      </span>
      {keep && doing === "removing" && (
        <span className="job-item-rest" role="group" aria-label={words.removeSchedule}>
          <span>{words.removeForGood}</span>
          <span className="schedule-verbs">
            <Button
              className="text-button"
              autoFocus
              onPress={() => void keep.remove(one.id)}
              data-testid="remove-for-good"
            >
              {words.removeSchedule}
            </Button>
            <Button className="text-button" onPress={() => setDoing("reading")}>
              {words.leaveAsIs}
            </Button>
          </span>
        </span>
      )}
      {keep && doing === "changing" && (
        <ScheduleForm
          title={null}
          submit={words.saveSchedule}
          robots={robots.includes(one.kind) ? robots : [...robots, one.kind]}
          from={one}
          onSave={async (body) => {
            await keep.change(one.id, body);
            setDoing("reading");
          }}
        />
      )}
    </article>
  );
}

interface ScheduleBody {
  name: string;
  kind: string;
  cron: string;
  inputs: unknown;
}

interface FormProps {
  title: string | null;
  submit: string;
  robots: readonly string[];
  /** The schedule that is changed; a new one without it. */
  from?: Schedule;
  onSave: (body: ScheduleBody) => Promise<void>;
}

function ScheduleForm({ title, submit, robots, from, onSave }: FormProps) {
  const { words } = useWords();
  const [name, setName] = useState(from?.name ?? "");
  const [kind, setKind] = useState(from?.kind ?? robots[0] ?? "");
  const [cron, setCron] = useState(from?.cron ?? "0 6 * * 1");
  const [inputs, setInputs] = useState(JSON.stringify(from?.inputs ?? {}));
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setProblem(null);
    try {
      await onSave({ name: name.trim(), kind, cron: cron.trim(), inputs: JSON.parse(inputs) as unknown });
      if (!from) setName("");
    } catch (failed) {
      if (failed instanceof SyntaxError) setProblem(words.notJson);
      else if (failed instanceof Problem) setProblem(failed.detail || problemInWords(failed, words.problems));
      else throw failed;
    }
  };
  return (
    <form
      className="new-schedule"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {title && <h2>{title}</h2>}
      <TextField className="text-field" value={name} onChange={setName} maxLength={100} isRequired>
        <Label>{words.scheduleName}</Label>
        <Input data-testid="schedule-name" />
      </TextField>
      <label className="text-field">
        <span>{words.robot}</span>
        <select value={kind} onChange={(event) => setKind(event.target.value)} data-testid="schedule-kind">
          {robots.map((one) => (
            <option key={one} value={one}>
              {words.kinds[one] ?? one.replaceAll("_", " ")}
            </option>
          ))}
        </select>
      </label>
      <TextField className="text-field" value={cron} onChange={setCron} maxLength={100} isRequired>
        <Label>{words.cron}</Label>
        <Input data-testid="schedule-cron" />
      </TextField>
      <TextField className="text-field wide" value={inputs} onChange={setInputs} maxLength={4000}>
        <Label>{words.inputsAsJson}</Label>
        <TextArea rows={2} spellCheck="false" data-testid="schedule-inputs" />
      </TextField>
      {problem && (
        <p className="group-problem wide" role="alert" data-testid="schedule-problem">
          {problem}
        </p>
      )}
      <Button type="submit" className="button primary" data-testid={from ? "save-schedule" : "add-schedule"}>
        {submit}
      </Button>
    </form>
  );
}
