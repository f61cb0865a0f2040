import { Link } from "react-aria-components";
import type { Person } from "../../../shared/api/types";
import { fill } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import type { StaffSession } from "../../../shared/staff/session";
import { useFetched } from "../../jobs";
import { type PolicyKept, type PromiseListed, type PromiseTab, type Share } from "../../promises";
import { pathTo, pathToPromises } from "../../route";
import { useWords } from "../../words";
import { Meanwhile, PageTop, Tabs } from "../Page";
import { Calendars } from "./Calendars";
import { PromiseChip } from "./Chip";
import { Policies } from "./Policies";

export interface Due {
  items: PromiseListed[];
  broken: number;
}

export interface PromisesProps {
  staff: StaffSession;
  me: Person;
  beat: number;
}

/** What is due, what is promised to whom, when teams work, and how well it was kept. */
export function Promises({ staff, me, beat, tab }: PromisesProps & { tab: PromiseTab }) {
  const { words } = useWords();
  return (
    <section className="learning jobs" data-testid="promises-page">
      <PageTop title={words.promises} about={words.promiseTabsLong[tab]} />
      <Tabs
        name={words.promises}
        tabs={(me.role === "agent" ? TABS.slice(0, 3) : TABS).map((one) => ({
          id: `promise-tab-${one}`,
          href: pathToPromises(one),
          title: words.promiseTabs[one],
          isOpen: one === tab,
        }))}
      />
      {tab === "policies" ? (
        <Policies staff={staff} me={me} />
      ) : tab === "calendars" ? (
        <Calendars staff={staff} me={me} />
      ) : tab === "kept" ? (
        <Kept staff={staff} beat={beat} />
      ) : (
        <DueList staff={staff} beat={beat} />
      )}
    </section>
  );
}

const TABS: readonly PromiseTab[] = ["due", "policies", "calendars", "kept"];

function DueList({ staff, beat }: { staff: StaffSession; beat: number }) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<Due>(staff, "/api/v1/desk/promises", beat);
  if (!found) return <Meanwhile problem={problem} again={again} />;
  if (found.items.length === 0) {
    return (
      <div className="nothing-open">
        <Icon name="clock" />
        <h2>{words.nothingDue}</h2>
        <p>{words.nothingDueLong}</p>
      </div>
    );
  }
  return (
    <div className="jobs-body">
      <ul className="job-list">
        {found.items.map((one) => (
          <li key={one.id}>
            <Link className="job-item" href={pathTo(one.conversation_id)} data-testid="due">
              <span className="job-item-top">
                <b dir="auto">{one.customer_name ?? words.guest}</b>
                {one.topic && (
                  <span className="quiet">{words.intents[one.topic] ?? one.topic.replaceAll("_", " ")}</span>
                )}
              </span>
              <span className="job-item-rest">
                <PromiseChip promise={one} />
                <span className="quiet">{one.policy_name}</span>
                {one.told && (
                  <span className="quiet">{fill(words.promiseTold, { who: words.tells[one.told] ?? one.told })}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Kept({ staff, beat }: { staff: StaffSession; beat: number }) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<{ policies: PolicyKept[] }>(staff, "/api/v1/metrics/promises", beat);
  if (!found) return <Meanwhile problem={problem} again={again} />;
  if (found.policies.length === 0) {
    return (
      <div className="nothing-open">
        <Icon name="chart" />
        <h2>{words.nothingKept}</h2>
      </div>
    );
  }
  return (
    <div className="jobs-body">
      {found.policies.map((policy) => (
        <section key={policy.policy_id} className="kept" data-testid="kept">
          <h2>
            {policy.policy_name}
            <span className="quiet">{fill(words.goalIs, { percent: policy.goal_percent })}</span>
            {policy.removed && <span className="tag">{words.removedPolicy}</span>}
          </h2>
          <ul>
            {policy.kinds.map((one) => (
              <li key={one.what}>
                <KeptLine one={one} goal={policy.goal_percent} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function KeptLine({ one, goal }: { one: Share; goal: number }) {
  const { words } = useWords();
  const percent = one.share === null ? null : Math.floor(one.share * 1000) / 10;
  return (
    <>
      <span className="kept-what">{words.promised[one.what]}</span>
      <b className="kept-share" data-reached={one.reached ?? undefined}>
        {percent === null ? "–" : `${percent} %`}
        {one.reached !== null && <Icon name={one.reached ? "check" : "alert"} />}
        {one.reached !== null && (
          <span className="offscreen">{one.reached ? words.goalReached : words.goalMissed}</span>
        )}
      </b>
      <span className="kept-bar" aria-hidden="true">
        <i style={{ inlineSize: `${percent ?? 0}%` }} data-reached={one.reached ?? undefined} />
        <s style={{ insetInlineStart: `${goal}%` }} />
      </span>
      <span className="quiet">
        {[
          one.due ? fill(words.keptOf, { kept: one.kept, due: one.due }) : words.noneDue,
          one.open && fill(words.keptOpen, { n: one.open }),
          one.dropped && fill(words.keptDropped, { n: one.dropped }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </>
  );
}
