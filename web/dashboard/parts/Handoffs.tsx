import type { EscalationGroup } from "../figures";
import { KINDS } from "../figures";
import { count, percent } from "../format";
import { useWords } from "../words";

/** By whom, and why, people were called. */
export function Handoffs({ group }: { group: EscalationGroup }) {
  const { words } = useWords();
  const reasons = Object.entries(group.reasons)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  return (
    <section className="handoffs" aria-labelledby="handoffs-title">
      <h2 id="handoffs-title">{words.handoffs}</h2>
      {group.escalated === 0 ? (
        <p className="none">{words.noHandoffs}</p>
      ) : (
        <div className="handoff-lists">
          <Bars
            title={words.byKind}
            prefix="kind"
            rows={KINDS.map((kind) => [kind, group.kinds[kind] ?? 0])}
            names={words.handoffKinds}
          />
          <Bars title={words.byReason} prefix="reason" rows={reasons} names={words.reasons} />
        </div>
      )}
    </section>
  );
}

interface BarsProps {
  title: string;
  prefix: string;
  rows: [string, number][];
  names: Record<string, string>;
}

function Bars({ title, prefix, rows, names }: BarsProps) {
  const { language } = useWords();
  const all = rows.reduce((sum, [, n]) => sum + n, 0);
  const most = Math.max(1, ...rows.map(([, n]) => n));
  return (
    <div>
      <h3>{title}</h3>
      <ul className="bars">
        {rows.map(([code, n]) => (
          <li key={code}>
            <span className="bar-name">{names[code] ?? code.replaceAll("_", " ")}</span>
            <span className="bar-track" aria-hidden="true">
              <i style={{ inlineSize: `${(n / most) * 100}%` }} />
            </span>
            <span className="bar-value">
              <b data-metric={`${prefix}_${code}`} data-value={n}>
                {count(n, language)}
              </b>
              <span>{percent(all ? n / all : null, language, 0)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
