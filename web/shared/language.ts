import type { Language } from "./api/types";

/** The language to speak: the wish if we have it, else the first of the browser's that we have. */
export function chooseLanguage(wish: string | null | undefined, browser: readonly string[]): Language {
  for (const tag of [wish, ...browser]) {
    const base = tag?.toLowerCase().split(/[-_]/)[0];
    if (base === "en" || base === "zh") return base;
  }
  return "en";
}

/** Language tag for `lang` and `Intl`. */
export const tagOf = (language: Language): string => (language === "zh" ? "zh-CN" : "en-GB");

/** `{name}` places filled in. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function clockTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(tagOf(language), { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

export function dayName(iso: string, language: Language, now = new Date()): string {
  const day = new Date(iso);
  const days = Math.round((startOfDay(now) - startOfDay(day)) / 86_400_000);
  if (days <= 1) return new Intl.RelativeTimeFormat(tagOf(language), { numeric: "auto" }).format(-days, "day");
  return new Intl.DateTimeFormat(tagOf(language), { weekday: "short", day: "numeric", month: "short" }).format(day);
}

/** A stretch of time in its largest whole unit: "45 seconds", or "45s" when `narrow`. */
export function span(seconds: number, language: Language, width: "long" | "narrow" = "long"): string {
  const steps: [number, "second" | "minute" | "hour" | "day"][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const whole = Math.max(0, Math.floor(seconds));
  const [size, unit] = steps.find(([size]) => whole >= size) ?? [1, "second" as const];
  return new Intl.NumberFormat(tagOf(language), { style: "unit", unit, unitDisplay: width }).format(
    Math.floor(whole / size),
  );
}

const startOfDay = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
