import { useEffect, useMemo, useState } from "preact/hooks";
import type { Turn } from "../../../shared/api/types";
import { dayName, fill } from "../../../shared/language";
import { initials } from "../../../shared/text";
import { timeline, type Entry } from "../../../shared/timeline";
import { useWords } from "../App";
import type { CustomerDesk, View } from "../desk";
import { Bubble, UnsentBubble } from "./Bubble";
import { Followed } from "./Followed";
import { Icon, Mark } from "./icons";
import { JobCard } from "./JobCard";
import { Rating } from "./Rating";

/** How long after the customer's word the bot is shown as thinking, at most. */
const THINKING_SECONDS = 20;

interface Props {
  desk: CustomerDesk;
  view: View;
  onStartAnew: () => void;
}

export function Log({ desk, view, onStartAnew }: Props) {
  const { words } = useWords();
  const { conversation } = view;
  const turns = conversation?.turns ?? [];
  const unsent = view.unsent.filter((one) => !turns.some((turn) => turn.client_id === one.client_id));
  const entries = useMemo(() => timeline(turns, conversation?.jobs ?? []), [turns, conversation?.jobs]);
  const replies = quickReplies(turns, unsent.length > 0 || conversation?.answered_by === "agent");
  const typist = useTypist(view, turns, unsent.length > 0);

  return (
    <Followed hasUnsent={unsent.length > 0} isOpen={view.isOpen}>
      <div
        role="log"
        aria-live="polite"
        aria-relevant="additions text"
        aria-label={words.conversation}
        data-testid="log"
      >
        <p class="disclosure" data-testid="disclosure">
          {words.disclosure}
        </p>
        {view.isLoading && turns.length === 0 && <p class="loading">{words.loading}</p>}
        {entries.map((entry, at) => (
          <Line key={entry.turn?.id ?? entry.job?.id} entry={entry} before={entries[at - 1]} after={entries[at + 1]} />
        ))}
        {unsent.map((message) => (
          <UnsentBubble
            key={message.client_id}
            message={message}
            onRetry={() => desk.retry(message.client_id)}
            onDiscard={() => desk.discard(message.client_id)}
          />
        ))}
      </div>
      {replies && (
        <ul class="replies" aria-label={words.quickReplies}>
          {replies.quick_replies.map((reply) => (
            <li key={reply.index}>
              <button
                type="button"
                dir="auto"
                data-testid="quick-reply"
                onClick={() => desk.send(reply.title, { turn_id: replies.id, index: reply.index })}
              >
                {reply.title}
              </button>
            </li>
          ))}
        </ul>
      )}
      {typist && <TypingSign author={typist} name={conversation?.agent_name ?? words.agent} />}
      {conversation?.status === "resolved" && conversation.survey && (
        <Rating key={conversation.survey.id} desk={desk} survey={conversation.survey} />
      )}
      {conversation?.status === "resolved" && (
        <div class="over">
          <p>{words.resolvedNote}</p>
          <button type="button" data-testid="new-conversation" onClick={onStartAnew}>
            <Icon name="plus" /> {words.newConversation}
          </button>
        </div>
      )}
    </Followed>
  );
}

function Line({
  entry,
  before,
  after,
}: {
  entry: Entry<Turn>;
  before: Entry<Turn> | undefined;
  after: Entry<Turn> | undefined;
}) {
  const { language } = useWords();
  const at = entry.turn?.created_at ?? entry.job?.created_at ?? "";
  const earlier = before?.turn?.created_at ?? before?.job?.created_at;
  const isNewDay = !earlier || new Date(earlier).toDateString() !== new Date(at).toDateString();
  return (
    <>
      {isNewDay && <p class="day">{dayName(at, language)}</p>}
      {entry.job ? (
        <JobCard job={entry.job} />
      ) : (
        <Bubble turn={entry.turn} isFirst={isNewDay || !isRun(before, entry)} isLast={!isRun(entry, after)} />
      )}
    </>
  );
}

function isRun(one: Entry<Turn> | undefined, next: Entry<Turn> | undefined): boolean {
  if (!one?.turn || !next?.turn) return false;
  const apart = Date.parse(next.turn.created_at) - Date.parse(one.turn.created_at);
  return one.turn.author === next.turn.author && one.turn.author_name === next.turn.author_name && apart < 180_000;
}

/** The turn whose quick replies may still be chosen: the last one said to the customer. */
function quickReplies(turns: Turn[], isAnswered: boolean): Turn | null {
  const last = turns.at(-1);
  return !isAnswered && last && last.author !== "customer" && last.quick_replies.length > 0 ? last : null;
}

/** Who is seen to be writing: as signalled, or the bot while its answer is due. */
function useTypist(view: View, turns: Turn[], isSending: boolean): "bot" | "agent" | null {
  const last = turns.at(-1);
  const isDue =
    view.conversation?.answered_by === "bot" && view.connection === "live" && !isSending && last?.author === "customer";
  const [isOverdue, setOverdue] = useState(false);
  useEffect(() => {
    setOverdue(false);
    const timer = setTimeout(() => setOverdue(true), THINKING_SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [last?.id]);
  const signalled = view.typing?.author;
  if (signalled === "agent" || signalled === "bot") return signalled;
  return isDue && !isOverdue ? "bot" : null;
}

function TypingSign({ author, name }: { author: "bot" | "agent"; name: string }) {
  const { words } = useWords();
  const text = author === "bot" ? words.botTyping : fill(words.agentTyping, { name });
  return (
    <div class="turn typing" data-author={author} data-testid="typing">
      <span class="face" aria-hidden="true">
        {author === "bot" ? <Mark /> : initials(name) || <Icon name="person" />}
      </span>
      <span class="bubble dots" role="img" aria-label={text}>
        <i /> <i /> <i />
      </span>
    </div>
  );
}
