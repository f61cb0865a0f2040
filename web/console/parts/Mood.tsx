import { fill, tagOf } from "../../shared/language";
import { useWords } from "../words";

/** Fifths of the scale from -1 to 1. */
export const moodOf = (score: number): number => Math.min(4, Math.max(0, Math.floor((score + 1) * 2.5)));

/** One score as a small tilted stroke, with its word for those who cannot see it. */
export function Mood({ score }: { score: number | null }) {
  const { words } = useWords();
  if (score === null) return null;
  const mood = moodOf(score);
  return (
    <span className="mood" data-mood={mood} title={words.moods[mood]} data-testid="mood">
      <span className="offscreen">{words.moods[mood]}</span>
    </span>
  );
}

/** From here on it is more likely than not; the chance is calibrated. */
export const UPSET_FROM = 0.5;

export const isUpset = (chance: number | null | undefined): chance is number =>
  typeof chance === "number" && chance >= UPSET_FROM;

/** A mark for who should be cared for first; nothing for everybody else. */
export function Upset({ chance }: { chance: number | null | undefined }) {
  const { words, language } = useWords();
  if (!isUpset(chance)) return null;
  const percent = new Intl.NumberFormat(tagOf(language), { style: "percent", maximumFractionDigits: 0 }).format(chance);
  return (
    <span className="tag upset" title={fill(words.upsetSure, { percent })} data-testid="upset">
      {words.upset}
    </span>
  );
}

/** The customer's last scores as a line, oldest first. */
export function MoodTrend({ scores }: { scores: readonly number[] }) {
  const { words } = useWords();
  const last = scores.at(-1);
  if (last === undefined) return <>{words.nothing}</>;
  const step = scores.length > 1 ? 112 / (scores.length - 1) : 0;
  const points = scores.map((score, at) => [scores.length > 1 ? 4 + at * step : 60, 14 - score * 10] as const);
  return (
    <span className="trend">
      <svg viewBox="0 0 120 28" width="120" height="28" aria-hidden="true">
        <line x1="4" x2="116" y1="14" y2="14" className="trend-zero" />
        <polyline points={points.map((point) => point.join(",")).join(" ")} className="trend-line" />
        {points.slice(-1).map(([x, y]) => (
          <circle key="last" cx={x} cy={y} r="3.5" className="trend-last" data-mood={moodOf(last)} />
        ))}
      </svg>
      {words.moods[moodOf(last)]}
    </span>
  );
}
