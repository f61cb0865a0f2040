import type { Job, Note, Turn } from "./api/types";

export type Entry<T extends Turn> = { turn: T; job?: never } | { job: Job; turn?: never };
export type NotedEntry<T extends Turn> = (Entry<T> & { note?: never }) | { note: Note; turn?: never; job?: never };

/** Turns in the desk's order with each job where it was asked for. */
export function timeline<T extends Turn>(turns: readonly T[], jobs: readonly Job[]): Entry<T>[] {
  const waiting = [...jobs].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  const entries: Entry<T>[] = [];
  for (const turn of turns) {
    while (waiting[0] && Date.parse(waiting[0].created_at) < Date.parse(turn.created_at)) {
      entries.push({ job: waiting.shift() as Job });
    }
    entries.push({ turn });
  }
  return [...entries, ...waiting.map((job) => ({ job }))];
}

/** The same with the colleagues' notes, each at the time it was written. */
export function withNotes<T extends Turn>(entries: readonly Entry<T>[], notes: readonly Note[]): NotedEntry<T>[] {
  const waiting = [...notes];
  const noted: NotedEntry<T>[] = [];
  for (const entry of entries) {
    const at = Date.parse((entry.turn ?? entry.job)?.created_at ?? "");
    while (waiting[0] && Date.parse(waiting[0].created_at) < at) noted.push({ note: waiting.shift() as Note });
    noted.push(entry);
  }
  return [...noted, ...waiting.map((note) => ({ note }))];
}
