import type { Language } from "../../shared/api/types";
import { Problem, request, type Asked } from "../../shared/api/request";
import type { Store } from "../../shared/storage";

interface Kept {
  token: string;
  expires_at: string;
}

/** The customer's signed session: made when first needed, kept in this origin's storage, sent
 * as a header and never in a URL. */
export class Session {
  #making: Promise<string> | null = null;

  constructor(
    private readonly store: Store,
    private readonly websiteToken: string,
    private readonly language: () => Language,
  ) {}

  get exists(): boolean {
    return this.#kept() !== null;
  }

  get headers(): Record<string, string> {
    const token = this.#kept()?.token;
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  forget(): void {
    this.store.write("session", null);
  }

  /** Ask the desk as this customer; makes the session first when there is none. */
  async ask<T>(path: string, asked: Asked = {}): Promise<T> {
    const token = await this.#token();
    return request<T>(path, { ...asked, headers: { ...asked.headers, Authorization: `Bearer ${token}` } });
  }

  async #token(): Promise<string> {
    const kept = this.#kept();
    if (kept) return kept.token;
    // Two tabs, or two calls, must not each make a session of their own.
    this.#making ??= withLock("kaidesk-session", () => this.#make()).finally(() => (this.#making = null));
    return this.#making;
  }

  async #make(): Promise<string> {
    const madeElsewhere = this.#kept();
    if (madeElsewhere) return madeElsewhere.token;
    const made = await request<Kept>("/api/v1/sessions", {
      method: "POST",
      body: { website_token: this.websiteToken, language: this.language() },
    });
    this.store.write("session", JSON.stringify({ token: made.token, expires_at: made.expires_at }));
    this.store.write("user", null); // Nobody has been verified in this one yet.
    return made.token;
  }

  #kept(): Kept | null {
    try {
      const kept = JSON.parse(this.store.read("session") ?? "null") as Kept | null;
      return kept?.token && !(Date.parse(kept.expires_at) < Date.now()) ? kept : null;
    } catch {
      return null;
    }
  }
}

async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

export const isSignedOut = (problem: unknown): boolean => problem instanceof Problem && problem.status === 401;
