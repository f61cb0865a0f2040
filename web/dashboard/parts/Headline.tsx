import type { ReactNode } from "react";
import { fill } from "../../shared/language";
import type { Figures } from "../figures";
import { count, percent } from "../format";
import { useWords } from "../words";

/** The two figures everybody asks for, each with what it is made of and out of how many. */
export function Headline({ figures }: { figures: Figures }) {
  const { words, language } = useWords();
  const resolution = figures.resolution.total;
  const escalation = figures.escalation.total;
  const share = (part: number) => percent(resolution.engaged ? part / resolution.engaged : null, language);
  return (
    <section className="headline" aria-label={words.title}>
      <Figure
        metric="resolution_rate"
        name={words.resolved}
        value={percent(resolution.resolution_rate, language)}
        isMain
      >
        <span data-metric="resolution_parts">
          {fill(words.parts, {
            confirmed: share(resolution.outcomes.confirmed),
            assumed: share(resolution.outcomes.assumed),
          })}
        </span>
        <span data-metric="engaged" data-value={resolution.engaged}>
          {fill(words.ofEngaged, { n: count(resolution.engaged, language) })}
        </span>
      </Figure>
      <Figure
        metric="escalation_rate"
        name={words.escalated}
        value={percent(escalation.escalation_rate, language)}
        isPerson
      >
        <span data-metric="escalated" data-value={escalation.escalated}>
          {fill(words.partOfEngaged, {
            k: count(escalation.escalated, language),
            n: count(escalation.engaged, language),
          })}
        </span>
      </Figure>
      <div className="lesser">
        <Figure
          metric="unserved_handoff_rate"
          name={words.unserved}
          value={percent(escalation.unserved_handoff_rate, language)}
        >
          {fill(escalation.handoffs_waiting ? words.ofHandoffsSomeWaiting : words.ofHandoffs, {
            n: count(escalation.handoffs_requested, language),
            k: count(escalation.handoffs_waiting, language),
          })}
        </Figure>
        <Figure
          metric="involvement_rate"
          name={words.involvement}
          value={percent(resolution.involvement_rate, language)}
        >
          {fill(words.ofEligible, { n: count(resolution.eligible, language) })}
        </Figure>
        <Figure metric="automation_rate" name={words.automation} value={percent(resolution.automation_rate, language)}>
          {fill(words.ofEligible, { n: count(resolution.eligible, language) })}
        </Figure>
      </div>
    </section>
  );
}

interface FigureProps {
  metric: string;
  name: string;
  value: string;
  isMain?: boolean;
  isPerson?: boolean;
  children: ReactNode;
}

function Figure({ metric, name, value, isMain, isPerson, children }: FigureProps) {
  return (
    <div className="figure" data-main={isMain || isPerson || undefined} data-person={isPerson || undefined}>
      <h2>{name}</h2>
      <p className="value" data-metric={metric}>
        {value}
      </p>
      <p className="about">{children}</p>
    </div>
  );
}
