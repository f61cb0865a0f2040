import { useState } from "react";
import { Problem } from "../../shared/api/request";
import type { Person } from "../../shared/api/types";
import { fill, span } from "../../shared/language";
import type { StaffSession } from "../../shared/staff/session";
import { initials } from "../../shared/text";
import { problemInWords } from "../../shared/words/problem";
import { useFetched } from "../jobs";
import { type Demand, serving, type Team as TeamFound, type Teammate } from "../team";
import { useWords } from "../words";
import { PageTop } from "./Page";
import { DemandTable } from "./Demand";
import { Matrix } from "./Matrix";
import { secondsSince, useNow } from "./now";

interface Props {
  staff: StaffSession;
  me: Person;
  beat: number;
}

export type Save = (path: string, body: unknown) => Promise<void>;

/** Who is there with how much, who knows what, and what customers need. Supervisors set it. */
export function Team({ staff, me, beat }: Props) {
  const { words } = useWords();
  const maySet = me.role !== "agent";
  const { found, problem, show } = useFetched<TeamFound>(staff, "/api/v1/desk/agents", beat);
  const demand = useDemand(staff, maySet, beat);
  const [refused, setRefused] = useState<Problem | null>(null);
  const save: Save = async (path, body) => {
    setRefused(null);
    try {
      show(await staff.ask<TeamFound>(`/api/v1/desk/${path}`, { method: "PUT", body }));
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setRefused(failed);
    }
  };
  return (
    <section className="learning team" data-testid="team">
      <PageTop title={words.team} about={maySet ? words.teamLong : words.teamRead} />
      <div className="team-body">
        {refused && (
          <p className="problem" role="alert" data-testid="team-problem">
            {problemInWords(refused, words.problems)}
          </p>
        )}
        {found ? (
          <>
            <People items={serving(found.items)} save={maySet ? save : null} />
            <Matrix team={found} demand={demand?.items ?? []} save={maySet ? save : null} />
            {maySet && demand && <DemandTable items={demand.items} days={demand.days} />}
          </>
        ) : (
          <p className="empty-line" role={problem ? "alert" : "status"}>
            {problem ? problemInWords(problem, words.problems) : words.loading}
          </p>
        )}
      </div>
    </section>
  );
}

interface Demands {
  days: number;
  items: Demand[];
}

function useDemand(staff: StaffSession, mayAsk: boolean, beat: number): Demands | null {
  return useFetched<Demands>(staff, mayAsk ? "/api/v1/desk/skill-demand?days=30" : null, beat).found;
}

function People({ items, save }: { items: readonly Teammate[]; save: Save | null }) {
  const { words } = useWords();
  const online = items.filter((one) => one.presence === "online").length;
  return (
    <section aria-labelledby="people-title">
      <h2 id="people-title">
        {words.whoIsThere} <span className="count">{fill(words.nOnline, { n: online })}</span>
      </h2>
      <ul className="people">
        {items.map((one) => (
          <li key={one.id}>
            <Mate one={one} save={save} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mate({ one, save }: { one: Teammate; save: Save | null }) {
  const { words, language } = useWords();
  const now = useNow();
  const since = one.since ? span(secondsSince(one.since, now), language, "narrow") : null;
  return (
    <article className="mate" data-testid="teammate" data-presence={one.presence} data-name={one.name}>
      <span className="initials" data-initials={initials(one.name)}>
        <i className="presence-dot" />
      </span>
      <span className="mate-who">
        <b>{one.name}</b>
        <small>
          {words.presences[one.presence]}
          {since && ` · ${since}`}
          {one.role !== "agent" && ` · ${words.roles[one.role] ?? one.role}`}
        </small>
      </span>
      <Load one={one} />
      {save && <Capacity key={one.own_capacity} one={one} save={save} />}
    </article>
  );
}

function Load({ one }: { one: Teammate }) {
  const { words } = useWords();
  const places = Array.from({ length: Math.min(Math.max(one.capacity, one.load), 12) }, (_, at) => at);
  return (
    <span className="mate-load" data-testid="load">
      <span className="places" aria-hidden="true">
        {places.map((at) => (
          <i key={at} data-taken={at < one.load || undefined} data-over={at >= one.capacity || undefined} />
        ))}
      </span>
      {fill(words.ofCapacity, { n: one.load, most: one.capacity })}
    </span>
  );
}

function Capacity({ one, save }: { one: Teammate; save: Save }) {
  const { words } = useWords();
  const [text, setText] = useState(one.own_capacity?.toString() ?? "");
  const set = () => {
    const wish = text.trim() === "" ? null : Number(text);
    if (wish !== one.own_capacity) void save(`agents/${one.id}/capacity`, { capacity: wish });
  };
  return (
    <label className="mate-capacity">
      <span>{words.atOnce}</span>
      <input
        type="number"
        min={0}
        max={50}
        inputMode="numeric"
        placeholder={one.own_capacity === null ? one.capacity.toString() : ""}
        value={text}
        aria-label={fill(words.capacityOf, { name: one.name })}
        onChange={(event) => setText(event.target.value)}
        onBlur={set}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        data-testid="capacity"
      />
    </label>
  );
}
