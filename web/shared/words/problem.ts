import type { SharedWords } from "./en";

/** A refusal in plain words of the reader's language. */
export function problemInWords(problem: { status: number; detail?: string }, words: SharedWords["problems"]): string {
  switch (problem.status) {
    case 0:
    case 502:
    case 503:
    case 504:
      return words.unreachable;
    case 400:
    case 422:
      return words.unreadable;
    case 401:
      return words.signedOut;
    case 403:
      return words.notAllowed;
    case 404:
    case 410:
      return words.gone;
    case 409:
      return words.taken;
    case 413:
      return words.tooLong;
    case 429:
      return words.tooMany;
    default:
      return problem.status >= 500 ? words.broken : words.other;
  }
}
