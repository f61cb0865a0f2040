import { useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { Problem } from "../../../shared/api/request";
import type { Language } from "../../../shared/api/types";
import type { StaffSession } from "../../../shared/staff/session";
import { problemInWords } from "../../../shared/words/problem";
import { WEEKDAYS, weekdayName } from "../../promises";
import { useWords } from "../../words";

/** What supervisors may do with what is kept under an address. */
export interface Keeping<Body> {
  add: (body: Body) => Promise<void>;
  change: (id: string, body: Body) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

export function keeping<Body>(staff: StaffSession, address: string, again: () => void): Keeping<Body> {
  const ask = async (path: string, method: "POST" | "PUT" | "DELETE", body?: Body) => {
    await staff.ask(address + path, { method, body });
    again();
  };
  return {
    add: (body) => ask("", "POST", body),
    change: (id, body) => ask(`/${id}`, "PUT", body),
    remove: (id) => ask(`/${id}`, "DELETE"),
  };
}

/** What was refused, in the reader's language; the desk's own words say it most exactly. */
export function useProblem(): [string | null, (act: () => Promise<void>) => Promise<boolean>] {
  const { words, language } = useWords();
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (act: () => Promise<void>) => {
    setProblem(null);
    try {
      await act();
      return true;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      const known = words.promiseProblems[failed.code];
      const exact = language === "en" ? failed.detail : known && `${dayOf(failed.detail, language)}${known}`;
      setProblem((known && exact) || problemInWords(failed, words.problems));
      return false;
    }
  };
  return [problem, attempt];
}

/** The day that the desk's words begin with, as in "Monday: …". */
function dayOf(detail: string, language: Language): string {
  const day = /^([A-Z]\w+day|\d{4}-\d\d-\d\d): /.exec(detail)?.[1];
  if (!day) return "";
  const at = WEEKDAYS.findIndex((one) => one === day.toLowerCase());
  return `${at < 0 ? day : weekdayName(at, language)}：`;
}

interface Props<Body> {
  title: ReactNode;
  testId: string;
  gone: string;
  id: string;
  keep: Keeping<Body> | null;
  children: ReactNode;
  form: (onSave: (body: Body) => Promise<void>, onLeave: () => void) => ReactNode;
}

/** One thing that is kept: read, changed in place, or removed after a second word. */
export function KeptItem<Body>({ title, testId, gone, id, keep, children, form }: Props<Body>) {
  const { words } = useWords();
  const [doing, setDoing] = useState<"reading" | "changing" | "removing">("reading");
  const [problem, attempt] = useProblem();
  const leave = () => setDoing("reading");
  return (
    <article className="ruled" data-testid={testId}>
      <header>
        {title}
        {keep && doing === "reading" && (
          <span className="schedule-verbs">
            <Button className="text-button" onPress={() => setDoing("changing")} data-testid={`change-${testId}`}>
              {words.changeSchedule}
            </Button>
            <Button className="text-button" onPress={() => setDoing("removing")} data-testid={`remove-${testId}`}>
              {words.removeSchedule}
            </Button>
          </span>
        )}
      </header>
      {keep && doing === "changing"
        ? form(async (body) => {
            await keep.change(id, body);
            leave();
          }, leave)
        : children}
      {keep && doing === "removing" && (
        <span className="job-item-rest" role="group" aria-label={words.removeSchedule}>
          <span role={problem ? "alert" : undefined}>{problem ?? gone}</span>
          <span className="schedule-verbs">
            <Button
              className="text-button"
              autoFocus
              onPress={() => void attempt(() => keep.remove(id))}
              data-testid={`remove-${testId}-for-good`}
            >
              {words.removeSchedule}
            </Button>
            <Button className="text-button" onPress={leave}>
              {words.leaveAsIs}
            </Button>
          </span>
        </span>
      )}
    </article>
  );
}

interface FootProps {
  problem: string | null;
  isNew: boolean;
  onLeave: () => void;
}

/** What stands under every form: the refusal, and the two ways out. */
export function FormFoot({ problem, isNew, onLeave }: FootProps) {
  const { words } = useWords();
  return (
    <>
      {problem && (
        <p className="group-problem wide" role="alert" data-testid="form-problem">
          {problem}
        </p>
      )}
      <span className="wide schedule-verbs-start">
        <Button type="submit" className="button primary" data-testid="save">
          {isNew ? words.addSchedule : words.saveSchedule}
        </Button>
        <Button className="button quiet" onPress={onLeave}>
          {isNew ? words.cancel : words.leaveAsIs}
        </Button>
      </span>
    </>
  );
}
