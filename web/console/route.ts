import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());
addEventListener("popstate", tell);

/** The id in `/console/c/<id>`, or null on the list. */
export function conversationInPath(path: string): string | null {
  return /^\/console\/c\/([\w-]{1,64})\/?$/.exec(path)?.[1] ?? null;
}

export const pathTo = (id: string | null): string => (id ? `/console/c/${id}` : "/console");

/** Follow one of our links: within the console without a page load, elsewhere with one. */
export function navigate(path: string): void {
  if (path !== "/console" && conversationInPath(path) === null) return location.assign(path);
  if (location.pathname !== path) history.pushState(null, "", path);
  tell();
}

export function useOpenId(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => conversationInPath(location.pathname),
  );
}
