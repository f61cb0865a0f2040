import type { Language } from "../shared/api/types";
import { tagOf } from "../shared/language";
import type { Grouping } from "./figures";
import type { Words } from "./words/en";

/** A share as a percentage; a dash where there is nothing to divide by. */
export function percent(share: number | null, language: Language, digits = 1): string {
  if (share === null) return "–";
  return new Intl.NumberFormat(tagOf(language), {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

export const count = (n: number, language: Language): string => new Intl.NumberFormat(tagOf(language)).format(n);

/** A day of the desk's calendar, without shifting it into this browser's time zone. */
export function dayLabel(day: string, language: Language, withYear = false): string {
  return new Intl.DateTimeFormat(tagOf(language), {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
    ...(withYear ? { year: "numeric" } : {}),
  }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

export function groupLabel(key: string | null, by: Grouping, words: Words, language: Language): string {
  if (key === null || key === "") return words.unknown;
  if (by === "day") return /^\d{4}-\d\d-\d\d/.test(key) ? dayLabel(key, language) : key;
  const names = by === "intent" ? words.intents : by === "language" ? words.languages : words.channels;
  return names[key] ?? key.replaceAll("_", " ");
}
