import type { Figures, Row } from "../figures";
import { OUTCOMES, rowsOf, sumsUp } from "../figures";
import { count, groupLabel, percent } from "../format";
import { useWords } from "../words";

/** The same numbers as the charts, for every eye and every screen reader. */
export function Table({ figures }: { figures: Figures }) {
  const { words, language } = useWords();
  const by = figures.resolution.group_by;
  const total: Row = { key: null, resolution: figures.resolution.total, escalation: figures.escalation.total };
  return (
    <section aria-labelledby="table-title">
      <h2 id="table-title">{words.table}</h2>
      <p className="hint">{words.tableHint}</p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={words.tableHint}>
        <table data-testid="table">
          <thead>
            <tr>
              <th scope="col">{words.groupings[by]}</th>
              <th scope="col">{words.conversations}</th>
              {OUTCOMES.map((one) => (
                <th key={one} scope="col">
                  {words.outcomes[one]}
                </th>
              ))}
              <th scope="col">{words.rate}</th>
              <th scope="col">{words.escalationRate}</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(figures).map((row) => (
              <Cells key={row.key} row={row} name={groupLabel(row.key, by, words, language)} />
            ))}
          </tbody>
          <tfoot>
            <Cells row={total} name={words.total} />
          </tfoot>
        </table>
      </div>
    </section>
  );

  function Cells({ row, name }: { row: Row; name: string }) {
    const { resolution, escalation } = row;
    return (
      <tr data-key={row.key ?? "total"} data-bad={!sumsUp(resolution) || undefined}>
        <th scope="row">{name}</th>
        <td>{count(resolution.engaged, language)}</td>
        {OUTCOMES.map((one) => (
          <td key={one}>{count(resolution.outcomes[one] ?? 0, language)}</td>
        ))}
        <td>{percent(resolution.resolution_rate, language)}</td>
        <td>{percent(escalation?.escalation_rate ?? null, language)}</td>
      </tr>
    );
  }
}
