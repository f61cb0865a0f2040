/** The longest message the desk takes, counted as it counts: in Unicode code points. */
export const LONGEST_MESSAGE = 2000;

/** The longest note among colleagues. */
export const LONGEST_NOTE = 4000;

export const lengthOf = (text: string): number => Array.from(text).length;

export interface Piece {
  text: string;
  href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu;

/** Text cut into plain pieces and web addresses. Only http and https become links. */
export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(/[.,;:!?)\]}。，；：！？）】」』]+$/u, "");
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), href: null });
    pieces.push({ text: address, href: hrefOf(address) });
    end = found.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

function hrefOf(address: string): string | null {
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}

/** Text cut at each `@Name` of these people, by full name or by its first word; `isName` marks
 * those pieces. */
export function withNames(text: string, names: readonly string[]): { text: string; isName: boolean }[] {
  const spelled = names.flatMap((name) => [name, name.split(/\s+/u)[0] ?? name]).filter(Boolean);
  if (spelled.length === 0) return [{ text, isName: false }];
  const anybody = spelled
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  const mention = new RegExp(`((?<![A-Za-z0-9])@(?:${anybody})(?![A-Za-z0-9]))`, "iu");
  return text
    .split(mention)
    .map((piece, at) => ({ text: piece, isName: at % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/** Up to two initials: of the first and last name, or the first character where there are no spaces. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/u);
  const first = Array.from(parts[0] ?? "")[0] ?? "";
  const last = parts.length > 1 ? (Array.from(parts.at(-1) ?? "")[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Text without what no desk can store: null bytes and halves of characters. */
export function sendable(text: string): string {
  const clean = text.replaceAll("\0", "");
  return typeof clean.toWellFormed === "function" ? clean.toWellFormed() : clean;
}
