import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "react-aria-components";
import type { Language, Person } from "../shared/api/types";
import type { Scheme } from "../shared/scheme";
import { AccountMenu } from "../shared/staff/AccountMenu";
import { Icon, Mark } from "../shared/staff/Icon";
import type { StaffSession } from "../shared/staff/session";
import { browserStore } from "../shared/storage";
import { problemInWords } from "../shared/words/problem";
import { AgentDesk, type ConsoleView } from "./desk";
import { Articles } from "./parts/Articles";
import { Conversation } from "./parts/Conversation";
import { Learning } from "./parts/Learning";
import { Offers } from "./parts/Offers";
import { PresenceMenu } from "./parts/PresenceMenu";
import { QueueList } from "./parts/QueueList";
import { Replies } from "./parts/Replies";
import { Team } from "./parts/Team";
import { JobPage } from "./parts/jobs/JobPage";
import { Jobs } from "./parts/jobs/Jobs";
import { JobsLink } from "./parts/jobs/JobsLink";
import { Promises } from "./parts/promises/Promises";
import { PromisesLink } from "./parts/promises/PromisesLink";
import { useJobId, useJobTab, useOpenId, usePage, usePromiseTab } from "./route";
import { useWords } from "./words";

interface Props {
  staff: StaffSession;
  me: Person;
  onLanguage: (language: Language) => void;
  scheme: Scheme;
  onScheme: (scheme: Scheme) => void;
}

export function Console({ staff, me, onLanguage, scheme, onScheme }: Props) {
  const { words, language } = useWords();
  const desk = useAgentDesk(staff, me.id);
  const openId = useOpenId();
  const page = usePage();
  const jobTab = useJobTab();
  const jobId = useJobId();
  const promiseTab = usePromiseTab();
  const view = useSyncExternalStore(desk?.subscribe ?? never, desk?.snapshot ?? nothing);

  useEffect(() => desk?.look(openId), [desk, openId]);
  useTitle(view, words.console);

  if (!desk || !view) return null;
  return (
    <div className="console" data-open={openId || page ? "" : undefined}>
      <aside className="rail">
        <header className="rail-top">
          <p className="brand">
            <Mark /> Kaidesk
          </p>
          <span className="live" data-state={view.connection} data-testid="connection">
            {view.connection === "live" ? words.live : words.connecting}
          </span>
          <AccountMenu
            me={me}
            words={words}
            page="console"
            language={language}
            onLanguage={onLanguage}
            scheme={scheme}
            onScheme={onScheme}
            onSignOut={() => void desk.leave().finally(() => staff.signOut())}
          />
        </header>
        <PresenceMenu desk={desk} view={view} />
        <JobsLink staff={staff} beat={view.jobsBeat} isOpen={page === "jobs"} />
        <PromisesLink staff={staff} beat={view.promisesBeat} isOpen={page === "promises"} />
        <QueueList view={view} />
      </aside>
      <main className="stage">
        {view.connection === "lost" && <Lasting>{words.lost}</Lasting>}
        {view.problem && (
          <p className="strip" role="alert" data-testid="problem">
            {problemInWords(view.problem, words.problems)}
            <Button className="button quiet square" aria-label={words.close} onPress={desk.dismiss}>
              <Icon name="cross" />
            </Button>
          </p>
        )}
        {view.isTakenForAway && (
          <p className="strip missed" role="alert" data-testid="taken-for-away">
            {words.takenForAway}
            <Button className="button" onPress={() => void desk.be("online")}>
              {words.amBack}
            </Button>
          </p>
        )}
        {page === "learning" ? (
          <Learning staff={staff} />
        ) : page === "articles" ? (
          <Articles staff={staff} />
        ) : page === "replies" ? (
          <Replies staff={staff} me={me} />
        ) : page === "promises" ? (
          <Promises staff={staff} me={me} beat={view.promisesBeat} tab={promiseTab ?? "due"} />
        ) : page === "team" ? (
          <Team staff={staff} me={me} beat={view.teamBeat} />
        ) : page === "jobs" ? (
          jobId ? (
            <JobPage key={jobId} staff={staff} me={me} beat={view.jobsBeat} id={jobId} />
          ) : (
            <Jobs staff={staff} me={me} beat={view.jobsBeat} tab={jobTab ?? "failed"} />
          )
        ) : openId ? (
          <Conversation key={openId} desk={desk} view={view} id={openId} me={me} />
        ) : (
          <NothingOpen />
        )}
      </main>
      <Offers desk={desk} view={view} />
    </div>
  );
}

function NothingOpen() {
  const { words } = useWords();
  return (
    <div className="nothing-open">
      <Mark />
      <h2>{words.pickOne}</h2>
      <p>{words.pickOneLong}</p>
    </div>
  );
}

/** A notice that appears only when its cause has lasted a moment. */
function Lasting({ children }: { children: string }) {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasts(true), 2500);
    return () => clearTimeout(timer);
  }, []);
  return lasts ? (
    <p className="strip" role="alert" data-testid="connection-notice">
      {children}
    </p>
  ) : null;
}

function useAgentDesk(staff: StaffSession, me: string): AgentDesk | null {
  const [desk, setDesk] = useState<AgentDesk | null>(null);
  useEffect(() => {
    const opened = new AgentDesk(staff, me, browserStore("kaidesk-staff:"));
    setDesk(opened);
    return () => opened.close();
  }, [staff, me]);
  return desk;
}

/** Who waits, and what I have not read, stands in the tab's title, without a sound. */
function useTitle(view: ConsoleView | null, name: string): void {
  const count = (view?.queue?.waiting.length ?? 0) + (view?.unread.size ?? 0);
  useEffect(() => {
    document.title = count ? `(${count}) ${name} · Kaidesk` : `${name} · Kaidesk`;
  }, [count, name]);
}

const never = () => () => undefined;
const nothing = () => null;
