import { useEffect, useRef, useState } from "react";
import type { JobStatus, Language } from "../shared/api/types";
import { Problem } from "../shared/api/request";
import { tagOf } from "../shared/language";
import type { StaffSession } from "../shared/staff/session";

export type JobTab = "failed" | "approvals" | "open" | "ended" | "schedules";

/** One job as a line of a list (GET /desk/jobs). */
export interface JobListed {
  id: string;
  kind: string;
  status: JobStatus;
  code: string | null;
  reference: string | null;
  order_number: string | null;
  asked_by: string;
  round: number;
  attempts: number;
  last_step: string | null;
  conversation_id: string | null;
  customer_name: string | null;
  created_at: string;
  not_before_at: string | null;
  settled_at: string | null;
}

export interface JobCounts {
  failed: number;
  waiting: number;
}

export interface JobList {
  items: JobListed[];
  next_cursor: string | null;
  counts: JobCounts;
}

/** A field of a robot's inputs, as far as its JSON Schema says. */
export interface InputField {
  type?: string | readonly string[];
  maxLength?: number;
  description?: string;
  enum?: readonly unknown[];
}

export interface RobotRun {
  number: number;
  round: number | null;
  worker: string | null;
  started_at: string | null;
  ended_at: string | null;
  ending: string | null;
  code: string | null;
  message: string | null;
  steps: readonly { step: string; at: string; screenshot: string | null }[];
  files: readonly { name: string; bytes: number; is_picture: boolean }[];
}

/** All of one job (GET /desk/jobs/{id}). */
export interface WholeJob extends JobListed {
  purpose: string | null;
  inputs: Record<string, unknown>;
  fields: { properties?: Record<string, InputField>; required?: readonly string[] } | null;
  facts: Record<string, unknown>;
  language: Language | null;
  expected_seconds: number;
  expected_p90_seconds: number;
  started_at: string | null;
  runs: readonly RobotRun[];
  timeline: readonly { kind: string; at: string; facts: Record<string, unknown> }[];
  approval: Approval | null;
  can_be_resumed: boolean;
  closed_by: string | null;
  closed_at: string | null;
}

/** A refund that waits, or waited, for a supervisor (GET /desk/approvals). */
export interface Approval {
  id: string;
  job_id: string;
  conversation_id: string | null;
  kind: string;
  order_number: string | null;
  customer_reason: string | null;
  amount_minor: number | null;
  currency: string | null;
  why: string | null;
  refunds_before: number;
  standing: "free" | "waiting" | "approved" | "refused";
  created_at: string;
  expires_at: string;
  overdue_at: string | null;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  language: Language | null;
}

export const fileUrl = (job: string, run: number, name: string): string =>
  `/api/v1/desk/jobs/${job}/runs/${run}/files/${encodeURIComponent(name)}`;

/** An amount as people write it, whatever its currency's smallest unit. */
export function money(minor: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(tagOf(language), { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What a form holds, in the kinds that the robot's schema asks for; what was left empty and may
 * be is left out. */
export function inputsFrom(
  written: Readonly<Record<string, string>>,
  fields: WholeJob["fields"],
): Record<string, unknown> {
  const required = fields?.required ?? [];
  const told = Object.entries(written).filter(([name, text]) => text.trim() !== "" || required.includes(name));
  return Object.fromEntries(told.map(([name, text]) => [name, valueOf(text, fields?.properties?.[name])]));
}

function valueOf(text: string, field: InputField | undefined): unknown {
  const kinds = field?.type === undefined ? ["string"] : [field.type].flat();
  if (kinds.includes("string")) return text.trim();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}

/** Whether something that only a person could put right may have changed. */
export const isAboutJobs = (kind: string): boolean => /^(job|approval|schedule)\./.test(kind);

export interface Fetched<T> {
  found: T | null;
  problem: Problem | null;
  again: () => void;
  show: (fresh: T) => void;
}

/** What the desk answers to `path`, asked again whenever `beat` has changed and a moment passed. */
export function useFetched<T>(staff: StaffSession, path: string | null, beat: number): Fetched<T> {
  const [found, setFound] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  const shownPath = useRef(path);
  useEffect(() => {
    const leaving = new AbortController();
    const isOther = shownPath.current !== path;
    if (isOther) setFound(null);
    shownPath.current = path;
    const wait = setTimeout(() => void look(), isOther || beat === 0 ? 0 : 250);
    async function look() {
      if (path === null) return;
      try {
        const answer = await staff.ask<T>(path, { signal: leaving.signal });
        if (!leaving.signal.aborted) (setFound(answer), setProblem(null));
      } catch (failed) {
        if (!leaving.signal.aborted) setProblem(failed instanceof Problem ? failed : new Problem(0, "", String(failed)));
      }
    }
    return () => (clearTimeout(wait), leaving.abort());
  }, [staff, path, beat, attempt]);
  return { found, problem, again: () => setAttempt((n) => n + 1), show: setFound };
}
