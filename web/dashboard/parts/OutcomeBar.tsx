import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import { OUTCOMES, sumOf, sumsUp, type ResolutionGroup } from "../figures";
import { count, percent } from "../format";
import { useWords } from "../words";

/** Every conversation has one outcome: the bar is all of them. If not, that is said in red. */
export function OutcomeBar({ group }: { group: ResolutionGroup }) {
  const { words, language } = useWords();
  const sum = sumOf(group);
  const isWhole = sumsUp(group);
  const share = (part: number) => (group.engaged ? part / group.engaged : 0);
  return (
    <section className="outcomes" aria-labelledby="outcomes-title">
      <header>
        <h2 id="outcomes-title">{words.everyOutcome}</h2>
        <p
          className="sum"
          data-bad={!isWhole || undefined}
          role={isWhole ? undefined : "alert"}
          data-testid="outcome-sum"
          data-sum={sum}
        >
          <Icon name={isWhole ? "check" : "alert"} />
          {isWhole
            ? words.sums
            : fill(words.doesNotSum, {
                sum: percent(share(sum), language),
                k: count(sum, language),
                n: count(group.engaged, language),
              })}
        </p>
      </header>
      <div className="outcome-bar" data-testid="outcome-bar" aria-hidden="true">
        {OUTCOMES.filter((one) => group.outcomes[one] > 0).map((one) => (
          <i
            key={one}
            data-outcome={one}
            data-testid="outcome-segment"
            data-value={group.outcomes[one]}
            title={`${words.outcomes[one]} ${percent(share(group.outcomes[one]), language)}`}
            style={{ flexGrow: group.outcomes[one] }}
          />
        ))}
      </div>
      <ul className="legend">
        {OUTCOMES.map((one) => (
          <li key={one} data-outcome={one}>
            <b>{words.outcomes[one]}</b>
            <span className="legend-share">
              {percent(share(group.outcomes[one]), language)}
              <span data-metric={`outcome_${one}`} data-value={group.outcomes[one]}>
                {count(group.outcomes[one], language)}
              </span>
            </span>
            <span className="legend-long">{words.outcomeLong[one]}</span>
          </li>
        ))}
      </ul>
      {group.provisional > 0 && (
        <p className="small-print" data-metric="provisional" data-value={group.provisional}>
          {fill(words.provisional, { n: count(group.provisional, language), all: count(group.engaged, language) })}
        </p>
      )}
    </section>
  );
}
