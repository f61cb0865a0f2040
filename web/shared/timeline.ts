import type { Job, Turn } from "./api/types";

export type Entry<T extends Turn> = { turn: T; job?: never } | { job: Job; turn?: never };

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
