import { useSyncExternalStore } from "react";
import type { JobTab } from "./jobs";
import type { PromiseTab } from "./promises";

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());
addEventListener("popstate", tell);

/** The id in `/console/c/<id>`, or null on the list. */
export function conversationInPath(path: string): string | null {
  return /^\/console\/c\/([\w-]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

/** What else the console shows beside conversations. */
export type Page = "learning" | "articles" | "replies" | "team" | "jobs" | "promises";

/** The page in `/console/<page>`, or null where conversations are shown. */
export function pageInPath(path: string): Page | null {
  if (jobTabInPath(path) || jobInPath(path)) return "jobs";
  if (promiseTabInPath(path)) return "promises";
  const named = /^\/console\/(learning|articles|replies|team)\/?$/.exec(path)?.[1];
  return (named as Page | undefined) ?? null;
}

/** The list of jobs in `/console/jobs` or `/console/jobs/<tab>`, or null elsewhere. */
export function jobTabInPath(path: string): JobTab | null {
  const named = /^\/console\/jobs(?:\/(approvals|open|ended|schedules))?\/?$/.exec(path);
  return named ? ((named[1] as JobTab | undefined) ?? "failed") : null;
}

/** The id in `/console/jobs/<id>`, or null elsewhere. */
export function jobInPath(path: string): string | null {
  return /^\/console\/jobs\/([0-9a-f-]{36})\/?$/.exec(path)?.[1] ?? null;
}

/** The part in `/console/promises` or `/console/promises/<tab>`, or null elsewhere. */
export function promiseTabInPath(path: string): PromiseTab | null {
  const named = /^\/console\/promises(?:\/(policies|calendars|kept))?\/?$/.exec(path);
  return named ? ((named[1] as PromiseTab | undefined) ?? "due") : null;
}

export const pathToPromises = (tab: PromiseTab): string =>
  tab === "due" ? "/console/promises" : `/console/promises/${tab}`;
export const pathToJobs = (tab: JobTab): string => (tab === "failed" ? "/console/jobs" : `/console/jobs/${tab}`);
export const pathToJob = (id: string): string => `/console/jobs/${id}`;

export const pathTo = (id: string | null): string => (id ? `/console/c/${id}` : "/console");

/** Follow one of our links: within the console without a page load, elsewhere with one. */
export function navigate(path: string): void {
  const isOurs = path === "/console" || conversationInPath(path) !== null || pageInPath(path) !== null;
  if (!isOurs) return location.assign(path);
  if (location.pathname !== path) history.pushState(null, "", path);
  tell();
}

export const useOpenId = (): string | null => usePath(conversationInPath);
export const useJobTab = (): JobTab | null => usePath(jobTabInPath);
export const usePromiseTab = (): PromiseTab | null => usePath(promiseTabInPath);
export const useJobId = (): string | null => usePath(jobInPath);
export const usePage = (): Page | null => usePath(pageInPath);

function usePath<T>(read: (path: string) => T): T {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(location.pathname),
  );
}
