import type { Person } from "../api/types";
import { Problem, request, type Asked } from "../api/request";

export type Presence = "unknown" | "out" | Person;

/** Who of the staff is signed in here, and the desk as they may ask it. */
export class StaffSession {
  #presence: Presence = "unknown";
  readonly #listeners = new Set<() => void>();

  get presence(): Presence {
    return this.#presence;
  }

  get me(): Person | null {
    return typeof this.#presence === "string" ? null : this.#presence;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): Presence => this.#presence;

  /** Ask who is signed in. Stays unknown, and throws, while the desk cannot be reached. */
  async look(): Promise<void> {
    try {
      this.#become(await request<Person>("/api/v1/me"));
    } catch (failed) {
      if (failed instanceof Problem && failed.status === 401) this.#become("out");
      else throw failed;
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#become(await request<Person>("/api/v1/sign-in", { method: "POST", body: { email, password } }));
  }

  async signOut(): Promise<void> {
    await this.ask("/api/v1/sign-out", { method: "POST" }).catch(() => undefined);
    this.#become("out");
  }

  /** The sign-in has ended, as some answer of the desk showed. */
  lost(): void {
    this.#become("out");
  }

  /** Ask as this person: cookie, and on every write the token that only our pages know. */
  async ask<T>(path: string, asked: Asked = {}): Promise<T> {
    const isWrite = asked.method !== undefined && asked.method !== "GET";
    const token = this.me?.csrf_token;
    const headers = isWrite && token ? { ...asked.headers, "X-CSRF-Token": token } : (asked.headers ?? {});
    try {
      return await request<T>(path, { ...asked, headers });
    } catch (failed) {
      if (failed instanceof Problem && failed.status === 401) this.lost();
      throw failed;
    }
  }

  #become(presence: Presence): void {
    this.#presence = presence;
    for (const listener of this.#listeners) listener();
  }
}
