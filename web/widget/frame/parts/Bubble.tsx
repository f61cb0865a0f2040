import type { Turn } from "../../../shared/api/types";
import type { Unsent } from "../../../shared/outbox";
import { clockTime } from "../../../shared/language";
import { initials, withLinks } from "../../../shared/text";
import { problemInWords } from "../../../shared/words/problem";
import { useWords } from "../App";
import { Icon, Mark } from "./icons";

interface Props {
  turn: Turn;
  /** First and last of a run by one author: where the name and the time stand. */
  isFirst: boolean;
  isLast: boolean;
}

export function Bubble({ turn, isFirst, isLast }: Props) {
  const { words, language } = useWords();
  const { author } = turn;
  const name = author === "customer" ? words.you : (turn.author_name ?? words[author]);
  const hasFace = author === "bot" || author === "agent";
  return (
    <div class="turn" data-testid="turn" data-author={author} data-first={isFirst || undefined}>
      {hasFace && (
        <span class="face" aria-hidden="true">
          {isLast && (author === "bot" ? <Mark /> : initials(name) || <Icon name="person" />)}
        </span>
      )}
      <div class="said">
        {isFirst && author === "agent" ? (
          <p class="name">
            {name} <span>{words.agentRole}</span>
          </p>
        ) : (
          <span class="offscreen">{name}: </span>
        )}
        <p class="bubble" dir="auto">
          <Linked text={turn.text} />
        </p>
        {isLast && (
          <time class="when" dateTime={turn.created_at}>
            {clockTime(turn.created_at, language)}
          </time>
        )}
      </div>
    </div>
  );
}

export function UnsentBubble({
  message,
  onRetry,
  onDiscard,
}: {
  message: Unsent;
  onRetry: () => void;
  onDiscard: () => void;
}) {
  const { words } = useWords();
  const isRefused = message.state === "refused";
  const isDelayed = !isRefused && message.failures > 1;
  return (
    <div class="turn unsent" data-testid="turn" data-author="customer" data-state={message.state}>
      <div class="said">
        <span class="offscreen">{words.you}: </span>
        <p class="bubble" dir="auto">
          {message.text}
        </p>
        <p class="delivery" data-testid="delivery" data-bad={isRefused || undefined}>
          {isRefused
            ? `${words.notSent} ${problemInWords(message.problem ?? { status: -1 }, words.problems)}`
            : isDelayed
              ? words.delayed
              : words.sending}
          {(isRefused || isDelayed) && (
            <button type="button" data-testid="retry" onClick={onRetry}>
              <Icon name="retry" /> {words.retry}
            </button>
          )}
          {isRefused && (
            <button type="button" data-testid="discard" onClick={onDiscard}>
              <Icon name="trash" /> {words.discard}
            </button>
          )}
        </p>
      </div>
    </div>
  );
}

function Linked({ text }: { text: string }) {
  return (
    <>
      {withLinks(text).map(({ text: piece, href }, at) =>
        href ? (
          <a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </>
  );
}
