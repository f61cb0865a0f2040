import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Language, Person } from "../shared/api/types";
import { Problem } from "../shared/api/request";
import { fill } from "../shared/language";
import type { Scheme } from "../shared/scheme";
import { AccountMenu } from "../shared/staff/AccountMenu";
import { Mark } from "../shared/staff/Icon";
import type { StaffSession } from "../shared/staff/session";
import { problemInWords } from "../shared/words/problem";
import { figuresOf, windowIn, type Figures, type Window } from "./figures";
import { dayLabel } from "./format";
import { Handoffs } from "./parts/Handoffs";
import { Headline } from "./parts/Headline";
import { OutcomeBar } from "./parts/OutcomeBar";
import { Table } from "./parts/Table";
import { Toolbar } from "./parts/Toolbar";
import { Trend } from "./parts/Trend";
import { useWords } from "./words";

interface Props {
  staff: StaffSession;
  me: Person;
  onLanguage: (language: Language) => void;
  scheme: Scheme;
  onScheme: (scheme: Scheme) => void;
}

export function Dashboard({ staff, me, onLanguage, scheme, onScheme }: Props) {
  const { words, language } = useWords();
  const [window, setWindow] = useWindow();
  const { figures, problem, isLoading, again } = useFigures(staff, window);

  useEffect(() => {
    document.title = `${words.dashboard} · Kaidesk`;
  }, [words]);

  return (
    <div className="dashboard">
      <header className="bar">
        <p className="brand">
          <Mark /> Kaidesk
        </p>
        <AccountMenu
          me={me}
          words={words}
          page="dashboard"
          language={language}
          onLanguage={onLanguage}
          scheme={scheme}
          onScheme={onScheme}
          onSignOut={() => void staff.signOut()}
        />
      </header>
      <main className="sheet" aria-busy={isLoading}>
        <h1>{words.title}</h1>
        <Toolbar window={window} onWindow={setWindow} figures={figures} />
        {problem ? (
          <Refused problem={problem} onRetry={again} />
        ) : !figures ? (
          <Loading />
        ) : figures.resolution.total.engaged === 0 ? (
          <Empty window={window} />
        ) : (
          <Sheet figures={figures} scheme={scheme} isStale={isLoading} />
        )}
      </main>
    </div>
  );
}

function Sheet({ figures, scheme, isStale }: { figures: Figures; scheme: Scheme; isStale: boolean }) {
  const { words } = useWords();
  const { time_zone, version } = figures.resolution;
  return (
    <div className="figures" data-stale={isStale || undefined} data-testid="figures">
      <Headline figures={figures} />
      <OutcomeBar group={figures.resolution.total} />
      <Trend figures={figures} scheme={scheme} />
      <Handoffs group={figures.escalation.total} />
      <Table figures={figures} />
      <p className="small-print">{fill(words.zone, { zone: time_zone, version })}</p>
    </div>
  );
}

function Loading() {
  const { words } = useWords();
  return (
    <div className="ghosts" role="status" data-testid="loading">
      <span className="offscreen">{words.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}

function Empty({ window }: { window: Window }) {
  const { words, language } = useWords();
  const from = dayLabel(window.from, language, true);
  const to = dayLabel(window.to, language, true);
  return (
    <div className="state" data-testid="empty">
      <Mark />
      <h2>{words.empty}</h2>
      <p>{fill(words.emptyLong, { from, to })}</p>
    </div>
  );
}

function Refused({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { words } = useWords();
  return (
    <div className="state" role="alert" data-testid="error">
      <h2>{problem.status === 403 ? words.onlySupervisors : problemInWords(problem, words.problems)}</h2>
      {problem.status === 403 ? (
        <a className="button" href="/console">
          {words.toConsole}
        </a>
      ) : (
        <Button className="button" onPress={onRetry}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}

/** The window, kept in the address so that a view can be sent to somebody. */
function useWindow(): [Window, (window: Window) => void] {
  const [window, setWindow] = useState(() => windowIn(location.search));
  useEffect(() => {
    const back = () => setWindow(windowIn(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const choose = (chosen: Window) => {
    history.pushState(null, "", `?${new URLSearchParams({ ...chosen })}`);
    setWindow(chosen);
  };
  return [window, choose];
}

function useFigures(staff: StaffSession, { from, to, by }: Window) {
  const [state, setState] = useState<{ figures: Figures | null; problem: Problem | null; isLoading: boolean }>({
    figures: null,
    problem: null,
    isLoading: true,
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    setState((known) => ({ ...known, isLoading: true }));
    figuresOf(staff, { from, to, by }, leaving.signal).then(
      (figures) => leaving.signal.aborted || setState({ figures, problem: null, isLoading: false }),
      (failed: unknown) => {
        if (leaving.signal.aborted) return;
        const problem = failed instanceof Problem ? failed : new Problem(0, "unreadable", String(failed));
        setState({ figures: null, problem, isLoading: false });
      },
    );
    return () => leaving.abort();
  }, [staff, from, to, by, attempt]);
  return { ...state, again: () => setAttempt((known) => known + 1) };
}
