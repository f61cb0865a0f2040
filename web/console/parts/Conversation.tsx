import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button, Link, ToggleButton } from "react-aria-components";
import type { AgentView, Offer, Person } from "../../shared/api/types";
import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import { problemInWords } from "../../shared/words/problem";
import type { AgentDesk, ConsoleView } from "../desk";
import { pathTo } from "../route";
import { useWords } from "../words";
import { Busy } from "./Busy";
import { HandBack } from "./HandBack";
import { Left } from "./Left";
import { PacketPane } from "./Packet";
import { PromiseNext } from "./promises/Chip";
import { NoteBox, Reply, Switch } from "./Reply";
import { Talk } from "./Talk";

interface Props {
  desk: AgentDesk;
  view: ConsoleView;
  id: string;
  me: Person;
}

export function Conversation({ desk, view, id, me }: Props) {
  const { words } = useWords();
  const [showsPacket, setShowsPacket] = useState(false);
  const { open, openProblem } = view;
  const offer = view.queue?.offers.find((one) => one.conversation_id === id) ?? null;

  if (openProblem) {
    return (
      <div className="nothing-open" role="alert">
        <h2>{words.gone}</h2>
        <p>{problemInWords(openProblem, words.problems)}</p>
        <Link className="button" href={pathTo(null)}>
          {words.back}
        </Link>
      </div>
    );
  }
  if (!open || open.id !== id) {
    return (
      <p className="nothing-open" role="status">
        {words.loading}
      </p>
    );
  }
  return (
    <div className="conversation" data-packet={showsPacket ? "" : undefined}>
      <ConversationTop
        desk={desk}
        open={open}
        me={me}
        onPacket={() => setShowsPacket(!showsPacket)}
        showsPacket={showsPacket}
      />
      <Body open={open} desk={desk} view={view} />
      <Foot desk={desk} open={open} me={me} offer={offer} />
      <PacketPane open={open} />
    </div>
  );
}

const isMine = (open: AgentView, me: Person) =>
  open.status === "open" && open.answered_by === "agent" && open.agent_id === me.id;

interface TopProps {
  desk: AgentDesk;
  open: AgentView;
  me: Person;
  showsPacket: boolean;
  onPacket: () => void;
}

function ConversationTop({ desk, open, me, showsPacket, onPacket }: TopProps) {
  const { words } = useWords();
  return (
    <header className="conversation-top">
      <Link className="button quiet square back" href={pathTo(null)} aria-label={words.back}>
        <Icon name="back" />
      </Link>
      <div className="conversation-who">
        <h1 dir="auto" data-testid="customer-name">
          {open.customer_name ?? words.guest}
        </h1>
        <p data-testid="answered-by" data-answered-by={open.answered_by} data-status={open.status}>
          {standing(open, words)}
        </p>
        <PromiseNext one={open} />
      </div>
      <Button
        className="button quiet packet-toggle"
        aria-expanded={showsPacket}
        onPress={onPacket}
        data-testid="packet-toggle"
      >
        {words.details}
      </Button>
      {isMine(open, me) && (
        <>
          <HandBack onHandBack={(note) => desk.handBack(open.id, note)} />
          <Busy className="button primary" onAct={() => desk.resolve(open.id)} testId="resolve">
            <Icon name="check" /> {words.resolve}
          </Busy>
        </>
      )}
    </header>
  );
}

function standing(open: AgentView, words: ReturnType<typeof useWords>["words"]): string {
  if (open.status === "resolved") return words.closed;
  if (open.answered_by === "queue") return words.waiting;
  return open.answered_by === "agent" ? (open.agent_name ?? words.agent) : words.withBot;
}

function Body({ open, desk, view }: { open: AgentView; desk: AgentDesk; view: ConsoleView }) {
  const { words } = useWords();
  const unsent = view.unsent.filter(
    (one) => one.to === open.id && !open.turns.some((turn) => turn.client_id === one.client_id),
  );
  const unsentNotes = view.unsentNotes.filter(
    (one) => one.to === open.id && !open.notes.some((note) => note.client_id === one.client_id),
  );
  const isWriting = view.typing.get(open.id)?.author === "customer";
  const box = useEnd(open.turns.length + open.notes.length + unsent.length + unsentNotes.length + open.jobs.length);
  return (
    <div className="talk" ref={box} tabIndex={0} role="region" aria-label={words.conversation}>
      <Talk open={open} unsent={unsent} unsentNotes={unsentNotes} desk={desk} />
      <p className="writes" role="status" data-testid="customer-typing">
        {isWriting && words.customerWrites}
      </p>
    </div>
  );
}

/** Where one writes; answering what one is offered accepts it. Whether that is a note stays as it was when the conversation changes hands:
 * what was begun for colleagues must not end up in the customer's box. */
function Foot({ desk, open, me, offer }: Pick<TakeBarProps, "desk" | "open" | "me" | "offer">) {
  const [isNoting, setNoting] = useState(false);
  const mine = isMine(open, me);
  return (
    <footer className="foot" data-noting={isNoting || undefined}>
      {mine ? (
        <Switch isNoting={isNoting} onNoting={setNoting} />
      ) : (
        <TakeBar
          desk={desk}
          open={open}
          me={me}
          offer={offer}
          isNoting={isNoting}
          onNoting={setNoting}
        />
      )}
      {isNoting ? (
        <NoteBox key="note" desk={desk} open={open} />
      ) : (
        (mine || offer) && <Reply key="reply" desk={desk} open={open} me={me} />
      )}
    </footer>
  );
}

interface TakeBarProps {
  desk: AgentDesk;
  open: AgentView;
  me: Person;
  offer: Offer | null;
  isNoting: boolean;
  onNoting: (isNoting: boolean) => void;
}

function TakeBar({ desk, open, me, offer, isNoting, onNoting }: TakeBarProps) {
  const { words } = useWords();
  const isOthers = open.answered_by === "agent" && open.agent_id !== me.id;
  return (
    <div className="take-bar" data-offered={offer ? "" : undefined}>
      <p>
        {open.status === "resolved"
          ? words.isResolved
          : isOthers
            ? fill(words.hasIt, { name: open.agent_name ?? words.agent })
            : offer
              ? words.offeredHere
              : words.takeFirst}{" "}
        {offer && <Left key={offer.id} offer={offer} />}
      </p>
      {open.answered_by === "queue" && open.handoff && !offer && <Urgency desk={desk} open={open} />}
      <Button className="button" aria-expanded={isNoting} onPress={() => onNoting(!isNoting)} data-testid="write-note">
        <Icon name="note" /> {isNoting ? words.closeNote : words.writeNote}
      </Button>
      {offer && (
        <Busy className="button quiet" onAct={async () => void (await desk.decline(offer))} testId="decline-offer">
          {words.notNow}
        </Busy>
      )}
      {open.status === "open" && !isOthers && (
        <Busy className="button person" onAct={() => desk.take(open.id)} testId="take">
          <Icon name="person" /> {offer ? words.accept : open.answered_by === "queue" ? words.take : words.takeOver}
        </Busy>
      )}
    </div>
  );
}

/** Whether a waiting customer is served sooner than others. */
function Urgency({ desk, open }: { desk: AgentDesk; open: AgentView }) {
  const { words } = useWords();
  const priority = open.handoff?.priority ?? "ordinary";
  if (priority === "vip") return <span className="tag priority">{words.priorities.vip}</span>;
  const isHigh = priority === "high";
  return (
    <ToggleButton
      className="button"
      isSelected={isHigh}
      onChange={() => void desk.setPriority(open.id, isHigh ? "ordinary" : "high")}
      data-testid="urgent"
    >
      <Icon name={isHigh ? "check" : "alert"} /> {words.urgent}
    </ToggleButton>
  );
}

/** Keeps the newest in sight unless the reader has scrolled up. */
function useEnd(length: number) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let lastTop = 0;
    const note = () => {
      // Only moving up leaves the end: what was said meanwhile also makes the end far away.
      if (element.scrollHeight - element.scrollTop - element.clientHeight < 80) isAtEnd.current = true;
      else if (element.scrollTop < lastTop) isAtEnd.current = false;
      lastTop = element.scrollTop;
    };
    const keep = new ResizeObserver(() => isAtEnd.current && element.scrollTo({ top: element.scrollHeight }));
    element.addEventListener("scroll", note, { passive: true });
    for (const part of [element, ...element.children]) keep.observe(part);
    return () => {
      element.removeEventListener("scroll", note);
      keep.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [length]);
  return box;
}
