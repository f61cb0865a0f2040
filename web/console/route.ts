import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());
addEventListener("popstate", tell);

/** The id in `/console/c/<id>`, or null on the list. */
export function conversationInPath(path: string): string | null {
  return /^\/console\/c\/([\w-]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

/** What else the console shows beside conversations. */
export type Page = "learning" | "articles";

/** The page in `/console/<page>`, or null where conversations are shown. */
export function pageInPath(path: string): Page | null {
  const named = /^\/console\/(learning|articles)\/?$/.exec(path)?.[1];
  return (named as Page | undefined) ?? null;
}

export const pathTo = (id: string | null): string => (id ? `/console/c/${id}` : "/console");

/** Follow one of our links: within the console without a page load, elsewhere with one. */
export function navigate(path: string): void {
  const isOurs = path === "/console" || conversationInPath(path) !== null || pageInPath(path) !== null;
  if (!isOurs) return location.assign(path);
  if (location.pathname !== path) history.pushState(null, "", path);
  tell();
}

export const useOpenId = (): string | null => usePath(conversationInPath);
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
