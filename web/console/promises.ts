import type { Language, Promised } from "../shared/api/types";
import { fill, span, tagOf } from "../shared/language";
import type { Words } from "./words/en";

export type PromiseTab = "due" | "policies" | "calendars" | "kept";

export interface Span {
  from: string;
  until: string;
}

export interface Holiday {
  day: string;
  name: string;
  spans: Span[];
}

/** When a team works (GET /desk/calendars). */
export interface Calendar {
  id: string;
  name: string;
  time_zone: string;
  week: Record<string, Span[]>;
  holidays: Holiday[];
}

export interface Step {
  percent: number;
  tell: string;
}

/** What is promised to whom (GET /desk/policies). */
export interface Policy {
  id: string;
  name: string;
  place: number;
  applies_to: { topics: string[]; customers: string[]; priorities: string[] };
  first_reply_seconds: number | null;
  next_reply_seconds: number | null;
  resolution_seconds: number | null;
  calendar_id: string | null;
  goal_percent: number;
  steps: Step[];
}

/** One promise as a line over all conversations (GET /desk/promises). */
export interface PromiseListed extends Promised {
  conversation_id: string;
  customer_name: string | null;
  topic: string | null;
}

export interface Share {
  what: Promised["what"];
  due: number;
  kept: number;
  broken: number;
  open: number;
  dropped: number;
  share: number | null;
  reached: boolean | null;
}

/** How well one policy was kept (GET /metrics/promises). */
export interface PolicyKept {
  policy_id: string;
  policy_name: string;
  goal_percent: number;
  removed: boolean;
  kinds: Share[];
}

export type Tone = "calm" | "risk" | "broken" | "paused" | "met" | "dropped";

/** How a promise stands at a moment. One whose time is up is broken at once, though the desk may
 * need a second to say so. */
export function toneOf(promise: Promised, now: number): Tone {
  if (promise.standing === "dropped") return promise.broken_at ? "broken" : "dropped";
  if (promise.standing === "met") return promise.broken_at ? "broken" : "met";
  if (promise.broken_at || (promise.due_at && Date.parse(promise.due_at) < now)) return "broken";
  if (promise.standing === "paused") return "paused";
  return promise.warned_at ? "risk" : "calm";
}

const SOON = 12 * 3600;

/** The same in a few words: what is promised, and how long there is, or was. */
export function promiseInWords(promise: Promised, now: number, words: Words, language: Language): string {
  const tone = toneOf(promise, now);
  const what = words.promised[promise.what];
  if (promise.standing === "paused") return fill(words.promisePaused, { what });
  if (!promise.due_at) return fill(words.promiseStands[tone], { what });
  const left = (Date.parse(promise.due_at) - now) / 1000;
  if (left < 0) return fill(words.promiseOverdue, { what, span: span(-left, language, "narrow") });
  if (left < SOON) {
    const fits = tone === "risk" ? words.promiseAtRisk : words.promiseIn;
    return fill(fits, { what, span: span(left, language, "narrow") });
  }
  return fill(words.promiseBy, { what, at: dayAndTime(promise.due_at, language) });
}

/** A moment some time ahead: weekday and time, with the date once that would be ambiguous. */
export function dayAndTime(iso: string, language: Language, now = Date.now()): string {
  const isFar = Date.parse(iso) - now > 6 * 86_400_000;
  const day = isFar ? ({ day: "numeric", month: "short" } as const) : ({ weekday: "short" } as const);
  return new Intl.DateTimeFormat(tagOf(language), { ...day, hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

/** A target as people say it: "72 hours", "30 minutes". */
export function targetInWords(seconds: number, isWorking: boolean, words: Words, language: Language): string {
  const { amount, unit } = inUnits(seconds, isWorking);
  return unit === "hours" ? fill(words.nHours, { n: amount }) : span(seconds, language);
}

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** A weekday's name; 1 January 2024 was a Monday. */
export function weekdayName(at: number, language: Language): string {
  return new Intl.DateTimeFormat(tagOf(language), { weekday: "long" }).format(new Date(2024, 0, 1 + at));
}

/** `09:00–12:30, 13:30–18:00`, as spans are written and read. */
export const spansWritten = (spans: readonly Span[]): string =>
  spans.map((one) => `${one.from}–${one.until}`).join(", ");

/** What was written, as spans. What is no span is sent as it stands: the desk says what is wrong. */
export function spansRead(text: string): Span[] {
  const parts = text.split(/[,;，；、]/).map((part) => part.trim());
  return parts.filter(Boolean).map((part) => {
    const [from = "", until = ""] = part.split(/\s*(?:-|–|—|~|～|至|to)\s*/);
    return { from: timeRead(from), until: timeRead(until) };
  });
}

/** `9` and `9:00` mean `09:00`. */
function timeRead(text: string): string {
  const found = /^(\d{1,2})(?:[:：.](\d{2}))?$/.exec(text.trim());
  return found ? `${found[1]?.padStart(2, "0")}:${found[2] ?? "00"}` : text.trim().slice(0, 10);
}

export const UNITS = { minutes: 60, hours: 3600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** A target in the largest unit that leaves nothing over. Working time has no days: eight hours are
 * one to some, and three to others. */
export function inUnits(seconds: number | null, isWorking: boolean): { amount: string; unit: Unit } {
  if (seconds === null) return { amount: "", unit: "hours" };
  const units: Unit[] = isWorking ? ["hours", "minutes"] : ["days", "hours", "minutes"];
  const unit = units.find((one) => seconds % UNITS[one] === 0) ?? "minutes";
  const isDay = unit === "days" && seconds <= 3 * UNITS.days;
  return isDay
    ? { amount: String(seconds / UNITS.hours), unit: "hours" }
    : { amount: String(seconds / UNITS[unit]), unit };
}
