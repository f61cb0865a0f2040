/** An answer that is not a success, as the desk's problem details put it (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail || code || `HTTP ${status}`);
  }

  /** True when the same request may succeed later without being changed. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

export interface Asked {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutSeconds?: number;
}

/** Ask the desk. Answers the parsed body (undefined for 204).
 *
 * Throws `Problem` for every refusal; status 0 when the desk could not be reached at all. */
export async function request<T>(path: string, asked: Asked = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...asked.headers };
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  const timeout = AbortSignal.timeout((asked.timeoutSeconds ?? 15) * 1000);
  let response: Response;
  try {
    response = await fetch(path, {
      method: asked.method ?? "GET",
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body: asked.body === undefined ? null : JSON.stringify(asked.body),
      signal: asked.signal ? AbortSignal.any([asked.signal, timeout]) : timeout,
    });
  } catch (cut) {
    if (asked.signal?.aborted) throw cut;
    throw new Problem(0, "unreachable", "");
  }
  if (!response.ok) throw await problemIn(response);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem(0, "unreachable", "");
  }
}

/** The problem that a refused response carries. */
export async function problemIn(response: Response): Promise<Problem> {
  let said: { code?: unknown; detail?: unknown; title?: unknown } = {};
  try {
    said = (await response.json()) as typeof said;
  } catch {
    // A proxy's error page is not JSON; the status alone has to do.
  }
  const wait = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  return new Problem(
    response.status,
    typeof said.code === "string" ? said.code : "",
    typeof said.detail === "string" ? said.detail : typeof said.title === "string" ? said.title : "",
    Number.isFinite(wait) ? wait : null,
  );
}
