/** What the host page's loader and the frame say to each other. Both ends check origin and
 * source of everything they hear, and post to the exact origin only. */

export interface FrameSettings {
  websiteToken: string;
  locale: string;
  colorScheme: "light" | "dark" | "auto";
  brandColor: string | null;
  open: boolean;
}

export type ToFrame =
  | { type: "begin"; settings: FrameSettings }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "user"; id: string }
  | { type: "jwt"; jwt: string | null }
  | { type: "locale"; locale: string }
  | { type: "scheme"; colorScheme: FrameSettings["colorScheme"] }
  | { type: "reset" };

export type ToHost =
  | { type: "loaded" }
  | { type: "close" }
  | { type: "unread"; count: number }
  | { type: "jwt-wanted"; again: boolean }
  | { type: "event"; name: EventName; detail: EventDetail };

export type EventName = "message" | "handoff-requested" | "handoff-accepted" | "job-updated" | "resolved" | "error";

export interface EventDetail {
  id: string;
  createdAt: string;
  type: string;
  [more: string]: unknown;
}

const MARK = "kaidesk/1";

export const sealed = <M extends ToFrame | ToHost>(message: M) => ({ mark: MARK, message });

/** The message in `data`, or null when it is none of ours. */
export function opened<M extends ToFrame | ToHost>(data: unknown): M | null {
  if (typeof data !== "object" || data === null) return null;
  const { mark, message } = data as { mark?: unknown; message?: unknown };
  if (mark !== MARK || typeof message !== "object" || message === null) return null;
  return typeof (message as { type?: unknown }).type === "string" ? (message as M) : null;
}
