import { useState } from "react";
import { Button } from "react-aria-components";
import { fill } from "../../../shared/language";
import { useFetched } from "../../jobs";
import { targetInWords, type Calendar, type Policy } from "../../promises";
import { useWords } from "../../words";
import { KeptItem, keeping } from "./Kept";
import { PolicyForm, type PolicyBody } from "./PolicyForm";
import { Meanwhile } from "../Page";
import type { PromisesProps } from "./Promises";

const ADDRESS = "/api/v1/desk/policies";

/** What is promised to whom, in the order in which it is tried. */
export function Policies({ staff, me }: Omit<PromisesProps, "beat">) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<{ items: Policy[] }>(staff, ADDRESS, 0);
  const calendars = useFetched<{ items: Calendar[] }>(staff, "/api/v1/desk/calendars", 0).found?.items;
  const [isAdding, setAdding] = useState(false);
  if (!found || !calendars) return <Meanwhile problem={problem} />;
  const keep = me.role === "agent" ? null : keeping<PolicyBody>(staff, ADDRESS, again);
  const last = found.items.at(-1)?.place ?? 0;
  const add = async (body: PolicyBody) => {
    await keep?.add(body);
    setAdding(false);
  };
  return (
    <div className="jobs-body">
      {found.items.length === 0 && <p className="empty-line">{words.noPolicies}</p>}
      {found.items.map((one, at) => (
        <KeptItem
          key={one.id}
          id={one.id}
          testId="policy"
          gone={words.policyGone}
          keep={keep}
          title={
            <>
              <span className="place" aria-hidden="true">
                {at + 1}
              </span>
              <h2 dir="auto">{one.name}</h2>
            </>
          }
          form={(onSave, onLeave) => (
            <PolicyForm from={one} place={one.place} calendars={calendars} onSave={onSave} onLeave={onLeave} />
          )}
        >
          <PolicyFacts one={one} calendars={calendars} />
        </KeptItem>
      ))}
      {keep && !isAdding && (
        <Button className="button" onPress={() => setAdding(true)} data-testid="add-policy">
          {words.newPolicy}
        </Button>
      )}
      {isAdding && (
        <article className="ruled">
          <header>
            <h2>{words.newPolicy}</h2>
          </header>
          <PolicyForm place={last + 10} calendars={calendars} onSave={add} onLeave={() => setAdding(false)} />
        </article>
      )}
    </div>
  );
}

function PolicyFacts({ one, calendars }: { one: Policy; calendars: readonly Calendar[] }) {
  const { words } = useWords();
  const calendar = calendars.find((known) => known.id === one.calendar_id);
  const chain = one.steps.map((step) =>
    fill(step.percent < 100 ? words.stepWarns : step.percent === 100 ? words.stepBreach : words.stepAfter, {
      percent: step.percent,
      who: words.tells[step.tell] ?? step.tell,
    }),
  );
  return (
    <dl className="facts policy-facts">
      <dt>{words.forWhom}</dt>
      <dd>{useWhom(one)}</dd>
      <dt>{words.promises}</dt>
      <dd>
        <Targets one={one} />
        <span className="quiet">
          {calendar ? fill(words.countsBy, { calendar: calendar.name }) : words.allTime} ·{" "}
          {fill(words.goalIs, { percent: one.goal_percent })}
        </span>
      </dd>
      <dt>{words.whoIsTold}</dt>
      <dd>{chain.length ? chain.map((step) => <span key={step}>{step}</span>) : words.nobody}</dd>
    </dl>
  );
}

function Targets({ one }: { one: Policy }) {
  const { words, language } = useWords();
  const targets = (["first_reply", "next_reply", "resolution"] as const).flatMap((what) => {
    const seconds = one[`${what}_seconds`];
    return seconds === null ? [] : [{ what, seconds }];
  });
  return (
    <ul className="targets">
      {targets.map(({ what, seconds }) => (
        <li key={what}>
          <span className="quiet">{words.promised[what]}</span>
          <b>{targetInWords(seconds, one.calendar_id !== null, words, language)}</b>
        </li>
      ))}
    </ul>
  );
}

function useWhom({ applies_to: { topics, customers, priorities } }: Policy): string {
  const { words } = useWords();
  const parts = [
    topics.map((one) => words.intents[one] ?? one.replaceAll("_", " ")).join(", "),
    customers.join(", "),
    priorities.length ? fill(words.withPriority, { which: priorities.map((p) => words.priorities[p]).join(", ") }) : "",
  ].filter(Boolean);
  return parts.join(" · ") || words.everybodyElse;
}
