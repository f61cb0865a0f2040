import type { Presence } from "../shared/api/types";

/** What somebody knows: a topic in a language (`*`: any), at level 1 to 3. */
export interface Skill {
  topic: string;
  language: string;
  level: number;
}

/** One of the staff at work (GET /desk/agents). */
export interface Teammate {
  id: string;
  name: string;
  role: string;
  presence: Presence;
  since: string | null;
  load: number;
  capacity: number;
  /** Null where the desk's setting holds. */
  own_capacity: number | null;
  skills: Skill[];
}

export interface Team {
  items: Teammate[];
  /** The level that a topic needs, where it is not 1. */
  topic_needs: Record<string, number>;
}

/** How often people were needed for something, and who can take it. */
export interface Demand {
  topic: string | null;
  language: string;
  level: number;
  asked: number;
  waiting: number;
  half_seconds: number;
  most_seconds: number;
  agents: number;
  online: number;
}

export const ANY = "*";

/** Whether an event changes who is there, or who has how much. */
export const isAboutTeam = (kind: string): boolean =>
  /^(agent\.|offer\.|conversation\.(handoff|handed_back|resolved|put_back))/.test(kind);

/** Those who serve customers: agents, and whoever else has been at a console or knows something. */
export const serving = (team: readonly Teammate[]): Teammate[] =>
  team.filter((one) => one.role === "agent" || one.since !== null || one.skills.length > 0);

export const levelOf = (one: Teammate, topic: string, language: string): number =>
  one.skills.find((skill) => skill.topic === topic && skill.language === language)?.level ?? 0;

/** All skills of somebody with one at another level; level 0 takes it away. */
export function withLevel(skills: readonly Skill[], topic: string, language: string, level: number): Skill[] {
  const others = skills.filter((skill) => skill.topic !== topic || skill.language !== language);
  return level > 0 ? [...others, { topic, language, level }] : others;
}

/** The rows of the matrix: every topic and language that somebody knows, that was asked for lately,
 * or that was just added; any topic first. */
export function rowsOf(
  team: readonly Teammate[],
  demand: readonly Demand[],
  added: readonly Pick<Skill, "topic" | "language">[],
): Pick<Skill, "topic" | "language">[] {
  const known = team.flatMap((one) => one.skills);
  const asked = demand.flatMap((one) => (one.topic ? [{ topic: one.topic, language: one.language }] : []));
  const rows = new Map<string, Pick<Skill, "topic" | "language">>();
  for (const { topic, language } of [...known, ...asked, ...added]) rows.set(`${topic}/${language}`, { topic, language });
  const rank = (one: Pick<Skill, "topic" | "language">) => `${one.topic === ANY ? 0 : 1}${one.topic}/${one.language}`;
  return [...rows.values()].sort((a, b) => rank(a).localeCompare(rank(b)));
}
