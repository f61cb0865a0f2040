/** A text kept ready for agents (GET /desk/replies). */
export interface CannedReply {
  id: string;
  shortcut: string;
  language: string;
  body: string;
}

/** What is looked for, where a reply so far is no more than a slash and the beginning of a shortcut. */
export function soughtIn(text: string): string | null {
  return /^\/(\S*)$/u.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** Those that fit, the best first: of the conversation's language before others, by the beginning of
 * the shortcut before words within. */
export function fitting(replies: readonly CannedReply[], sought: string, language: string): CannedReply[] {
  const rank = (one: CannedReply): number => {
    const isOther = one.language === language ? 0 : 4;
    if (one.shortcut.startsWith(sought)) return isOther;
    if (one.shortcut.includes(sought)) return isOther + 1;
    return one.body.toLowerCase().includes(sought) ? isOther + 2 : Infinity;
  };
  return replies
    .filter((one) => rank(one) < Infinity)
    .sort((a, b) => rank(a) - rank(b) || a.shortcut.localeCompare(b.shortcut));
}

/** What a customer without a name is called. */
const SOMEBODY: Record<string, string> = { en: "there", zh: "顾客" };

/** The text with its places filled. Whatever a name holds is taken as it is written. */
export function filledReply(reply: CannedReply, customer: string | null, agent: string): string {
  const names: Record<string, string> = {
    customer_name: customer ?? SOMEBODY[reply.language] ?? "",
    agent_name: agent,
  };
  return reply.body.replace(/\{(customer_name|agent_name)\}/g, (_, place: string) => names[place] ?? "");
}
