import { useEffect, useState } from "react";
import { Problem } from "../../shared/api/request";
import type { Language } from "../../shared/api/types";
import { fill, span } from "../../shared/language";
import type { StaffSession } from "../../shared/staff/session";
import { useWords } from "../words";
import { Meanwhile, PageTop } from "./Page";
import { secondsSince, useNow } from "./now";

/** One article and what became of it (GET /knowledge/articles). */
export interface ArticleFigures {
  slug: string;
  language: string;
  title: string | null;
  owner: string | null;
  updated: string | null;
  url: string | null;
  shown: number;
  asked: number;
  solved: number;
  failed: number;
  left: number;
  open: number;
  person_after: number;
  failure_rate: number | null;
  failure_rate_at_least: number | null;
}

/** Questions that are alike and that no article answers. */
export interface Gap {
  question: string;
  language: string;
  count: number;
  last_asked_at: string;
  nearest: string | null;
}

interface Found {
  index: string | null;
  articles: readonly ArticleFigures[];
  gaps: readonly Gap[];
}

const PERIODS = [7, 28, 90] as const;

/** Which articles fail their readers, and what is missing. */
export function Articles({ staff }: { staff: StaffSession }) {
  const { words } = useWords();
  const [days, setDays] = useState<number>(28);
  const [owner, setOwner] = useState("");
  const { found, problem, again } = useArticles(staff, days);
  const articles = found?.articles ?? [];
  const owners = ownersOf(articles);
  return (
    <section className="learning" data-testid="articles">
      <PageTop title={words.articles} about={words.articlesLong} />
      <div className="articles-wishes">
        <label>
          {words.period}
          <select value={days} onChange={(event) => setDays(Number(event.target.value))} data-testid="articles-days">
            {PERIODS.map((each) => (
              <option key={each} value={each}>
                {fill(words.lastDays, { n: each })}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.owner}
          <select value={owner} onChange={(event) => setOwner(event.target.value)} data-testid="articles-owner">
            <option value="">{words.everybody}</option>
            {owners.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      {problem || !found ? (
        <Meanwhile problem={problem} again={again} />
      ) : (
        <div className="articles-body">
          {found.index === null && (
            <p className="strip" role="alert">
              {words.noIndex}
            </p>
          )}
          <Table articles={owner ? articles.filter((each) => each.owner === owner) : articles} />
          <Gaps gaps={found.gaps} />
        </div>
      )}
    </section>
  );
}

function Table({ articles }: { articles: readonly ArticleFigures[] }) {
  const { words, language } = useWords();
  if (!articles.length) return <p className="articles-none">{words.noArticles}</p>;
  return (
    <table className="articles" data-testid="article-table">
      <thead>
        <tr>
          <th scope="col">{words.article}</th>
          <th scope="col">{words.shown}</th>
          <th scope="col">{words.solved}</th>
          <th scope="col">{words.notSolved}</th>
          <th scope="col">{words.leftSilently}</th>
          <th scope="col">{words.personAfter}</th>
          <th scope="col">{words.fails}</th>
        </tr>
      </thead>
      <tbody>
        {articles.map((each) => (
          <tr key={`${each.language}/${each.slug}`} data-testid="article" data-quiet={each.shown ? undefined : ""}>
            <th scope="row">
              <span className="article-title">
                {each.url ? (
                  <a href={each.url} target="_blank" rel="noopener" lang={each.language}>
                    {each.title ?? each.slug}
                  </a>
                ) : (
                  <span>{each.title ?? each.slug}</span>
                )}
                <span className="tag language">{each.language}</span>
              </span>
              <span className="article-owner">{each.owner ?? words.articleGone}</span>
            </th>
            <td data-label={words.shown}>{each.shown}</td>
            <td data-label={words.solved}>{each.solved}</td>
            <td data-label={words.notSolved}>{each.failed}</td>
            <td data-label={words.leftSilently}>{each.left}</td>
            <td data-label={words.personAfter}>{each.person_after}</td>
            <td data-label={words.fails} data-bad={isFailing(each) || undefined}>
              {failureInWords(each, language, words.atLeast)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  const { words, language } = useWords();
  const now = useNow();
  return (
    <section className="gaps" data-testid="gaps">
      <h2>{words.gaps}</h2>
      <p>{gaps.length ? words.gapsLong : words.noGaps}</p>
      <ol>
        {gaps.map((gap) => (
          <li key={`${gap.language}/${gap.question}`}>
            <span className="gap-count">{gap.count}</span>
            <span className="gap-question" dir="auto" lang={gap.language}>
              {gap.question}
            </span>
            <span className="gap-nearest">
              {gap.nearest && `${fill(words.nearest, { article: gap.nearest })} · `}
              {fill(words.lastAgo, { span: span(secondsSince(gap.last_asked_at, now), language, "narrow") })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Every owner once, by name. */
export function ownersOf(articles: readonly ArticleFigures[]): string[] {
  return [...new Set(articles.flatMap((each) => each.owner ?? []))].sort();
}

/** More than a third surely fail: an owner should look at it. */
export const isFailing = (article: ArticleFigures): boolean => (article.failure_rate_at_least ?? 0) > 1 / 3;

/** "29 % (at least 16 %)"; a dash while nobody has said yes or no. */
export function failureInWords(article: ArticleFigures, language: Language, atLeast: string): string {
  if (article.failure_rate === null) return "–";
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const lowest = percent.format(article.failure_rate_at_least ?? 0);
  return `${percent.format(article.failure_rate)} (${fill(atLeast, { percent: lowest })})`;
}

function useArticles(staff: StaffSession, days: number) {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    staff.ask<Found>(`/api/v1/knowledge/articles?days=${days}`, { signal: leaving.signal }).then(
      (answer) => leaving.signal.aborted || (setFound(answer), setProblem(null)),
      (failed: unknown) => {
        if (!leaving.signal.aborted) setProblem(failed instanceof Problem ? failed : new Problem(0, "", String(failed)));
      },
    );
    return () => leaving.abort();
  }, [staff, days, attempt]);
  return { found, problem, again: () => setAttempt(attempt + 1) };
}
