/** The few calls we make of `localStorage`. */
export interface Store {
  read(key: string): string | null;
  write(key: string, value: string | null): void;
}

/** Browser storage under a prefix; falls back to memory where the browser forbids it, as in
 * some third-party frames, so that the chat still works until the page is left. */
export function browserStore(prefix: string): Store {
  const memory = new Map<string, string>();
  return {
    read(key) {
      const kept = memory.get(key);
      if (kept !== undefined) return kept;
      try {
        return localStorage.getItem(prefix + key);
      } catch {
        return null;
      }
    },
    write(key, value) {
      memory.delete(key);
      try {
        if (value === null) localStorage.removeItem(prefix + key);
        else localStorage.setItem(prefix + key, value);
      } catch {
        if (value !== null) memory.set(key, value);
      }
    },
  };
}

export function memoryStore(): Store {
  const memory = new Map<string, string>();
  return {
    read: (key) => memory.get(key) ?? null,
    write: (key, value) => void (value === null ? memory.delete(key) : memory.set(key, value)),
  };
}

/** A fresh UUID. `crypto.randomUUID` exists only on https and localhost; a desk tried out over
 * plain http in a local network has `getRandomValues` alone. */
export function freshId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
