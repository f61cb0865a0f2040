import type { StaffSession } from "../shared/staff/session";

export const OUTCOMES = ["confirmed", "assumed", "handed_off", "abandoned", "failed"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const KINDS = ["requested", "offered", "system", "takeover"] as const;
export const GROUPINGS = ["day", "intent", "channel", "language"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface ResolutionGroup {
  engaged: number;
  outcomes: Record<Outcome, number>;
  provisional: number;
  resolution_rate: number | null;
  involvement_rate: number | null;
  automation_rate: number | null;
  eligible: number;
}

export interface EscalationGroup {
  engaged: number;
  escalated: number;
  escalation_rate: number | null;
  kinds: Record<string, number>;
  reasons: Record<string, number>;
  handoffs_requested: number;
  handoffs_waiting: number;
  unserved_handoffs: number;
  unserved_handoff_rate: number | null;
}

export interface Metric<G> {
  metric: string;
  version: number;
  formula: string;
  since: string;
  until: string;
  time_zone: string;
  group_by: Grouping;
  total: G;
  groups: (G & { key: string | null })[];
}

export interface Window {
  /** First and last day, both shown. */
  from: string;
  to: string;
  by: Grouping;
}

export interface Figures {
  resolution: Metric<ResolutionGroup>;
  escalation: Metric<EscalationGroup>;
}

/** Both metrics of one window. The desk takes the end as the first moment no longer counted. */
export async function figuresOf(staff: StaffSession, { from, to, by }: Window, signal: AbortSignal): Promise<Figures> {
  const query = new URLSearchParams({ since: from, until: dayAfter(to), group_by: by });
  const [resolution, escalation] = await Promise.all([
    staff.ask<Figures["resolution"]>(`/api/v1/metrics/resolution?${query}`, { signal, timeoutSeconds: 30 }),
    staff.ask<Figures["escalation"]>(`/api/v1/metrics/escalation?${query}`, { signal, timeoutSeconds: 30 }),
  ]);
  return { resolution, escalation };
}

/** Whether every conversation has exactly one outcome, as it must. */
export function sumsUp(group: ResolutionGroup): boolean {
  return sumOf(group) === group.engaged;
}

export const sumOf = (group: ResolutionGroup): number =>
  OUTCOMES.reduce((sum, one) => sum + (group.outcomes[one] ?? 0), 0);

/** One row of the table, the charts and the file: what both metrics say of one group. */
export interface Row {
  key: string | null;
  resolution: ResolutionGroup;
  escalation: EscalationGroup | null;
}

export function rowsOf({ resolution, escalation }: Figures): Row[] {
  const escalations = new Map(escalation.groups.map((group) => [group.key, group]));
  return resolution.groups.map((group) => ({
    key: group.key,
    resolution: group,
    escalation: escalations.get(group.key) ?? null,
  }));
}

// Days -----------------------------------------------------------------------------------------

const DAY_MS = 86_400_000;
const asDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

/** The last `days` days up to and with today. */
export function lastDays(days: number, now = new Date()): Pick<Window, "from" | "to"> {
  return { from: asDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1)), to: asDay(now) };
}

const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** The window that an address asks for; the last fourteen days by day where it does not say. */
export function windowIn(search: string, now = new Date()): Window {
  const asked = new URLSearchParams(search);
  const [from, to, by] = [asked.get("from"), asked.get("to"), asked.get("by")];
  const days = isDay(from) && isDay(to) && from <= to ? { from, to } : lastDays(14, now);
  return { ...days, by: GROUPINGS.find((one) => one === by) ?? "day" };
}
