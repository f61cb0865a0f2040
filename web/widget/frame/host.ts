import { opened, sealed, type ToFrame, type ToHost } from "../protocol";

/** The line to the page that embeds us. Hears only our parent window, and only while it is of
 * the origin it named when it embedded us; what we say can reach that origin alone. */
export class Host {
  readonly #origin = originInFragment(location.hash);

  constructor(onMessage: (message: ToFrame) => void) {
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.#origin) return;
      const message = opened<ToFrame>(event.data);
      if (message) onMessage(message);
    });
  }

  tell(message: ToHost): void {
    if (this.#origin && window.parent !== window) window.parent.postMessage(sealed(message), this.#origin);
  }
}

/** The embedding origin in `#host=…`, or null when it is not an exact http(s) origin. */
export function originInFragment(fragment: string): string | null {
  const named = new URLSearchParams(fragment.replace(/^#/, "")).get("host");
  if (!named || !/^https?:\/\//.test(named)) return null;
  try {
    return new URL(named).origin === named ? named : null;
  } catch {
    return null;
  }
}
