import { fill, span } from "../../shared/language";
import type { Demand } from "../team";
import { useWords } from "../words";
import { useTopicName } from "./Matrix";

/** What people were needed for against who can take it; first what nobody can. */
export function DemandTable({ items, days }: { items: readonly Demand[]; days: number }) {
  const { words, language } = useWords();
  const nameOf = useTopicName();
  const took = (seconds: number) => span(seconds, language, "narrow");
  return (
    <section aria-labelledby="demand-title">
      <h2 id="demand-title">{words.demand}</h2>
      <p className="hint">{fill(words.demandLong, { n: days })}</p>
      {items.length === 0 ? (
        <p className="empty-line">{words.noDemand}</p>
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="demand-title">
          <table className="demand" data-testid="demand">
            <thead>
              <tr>
                <th scope="col">{words.topic}</th>
                <th scope="col">{words.asked}</th>
                <th scope="col">{words.waitingNow}</th>
                <th scope="col">{words.halfWithin}</th>
                <th scope="col">{words.mostWithin}</th>
                <th scope="col">{words.haveIt}</th>
                <th scope="col">{words.haveItNow}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={`${one.topic}/${one.language}`} data-gap={one.agents === 0 || undefined}>
                  <th scope="row">
                    {nameOf(one.topic)}{" "}
                    <span className="tag">{words.languages[one.language] ?? one.language}</span>{" "}
                    {one.level > 1 && <span className="tag">{fill(words.fromLevel, { n: one.level })}</span>}
                  </th>
                  <td>{one.asked}</td>
                  <td>{one.waiting || "–"}</td>
                  <td>{took(one.half_seconds)}</td>
                  <td>{took(one.most_seconds)}</td>
                  <td>{one.agents === 0 ? <b className="nobody">{words.nobodyHas}</b> : one.agents}</td>
                  <td data-none={one.online === 0 || undefined}>{one.online}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
