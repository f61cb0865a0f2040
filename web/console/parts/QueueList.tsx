import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import type { Summary } from "../../shared/api/types";
import { fill, span } from "../../shared/language";
import type { ConsoleView } from "../desk";
import { pathTo } from "../route";
import { useWords } from "../words";
import { Mood, Upset } from "./Mood";
import { PromiseNext } from "./promises/Chip";
import { secondsSince, useNow } from "./now";

/** The three lists: who waits (longest first), who is with me, everybody else. */
export function QueueList({ view }: { view: ConsoleView }) {
  const { words } = useWords();
  const { queue } = view;
  if (!queue) {
    return (
      <div className="lists" aria-busy="true">
        <p className="offscreen" role="status">
          {words.loading}
        </p>
        {[0, 1, 2].map((at) => (
          <div key={at} className="ghost" />
        ))}
      </div>
    );
  }
  return (
    <nav className="lists" aria-label={words.queueTitle}>
      <List name="waiting" title={words.waiting} empty={words.nobodyWaits} items={queue.waiting} view={view} />
      <List name="mine" title={words.mine} empty={words.noneMine} items={queue.mine} view={view} />
      <List name="others" title={words.others} empty={words.noOthers} items={queue.others} view={view} />
    </nav>
  );
}

interface ListProps {
  name: "waiting" | "mine" | "others";
  title: string;
  empty: string;
  items: readonly Summary[];
  view: ConsoleView;
}

function List({ name, title, empty, items, view }: ListProps) {
  return (
    <section className="list" data-list={name} data-testid={`list-${name}`}>
      <h2>
        {title} <span className="count">{items.length}</span>
      </h2>
      {items.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <ul>
          {items.map((one) => (
            <li key={one.id}>
              <Item list={name} one={one} view={view} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ list, one, view }: { list: ListProps["name"]; one: Summary; view: ConsoleView }) {
  const { words } = useWords();
  const isOpen = view.openId === one.id;
  return (
    <Link
      className="item"
      href={pathTo(one.id)}
      aria-current={isOpen ? "page" : false}
      data-unread={view.unread.has(one.id) || undefined}
      data-testid="queue-item"
      data-id={one.id}
      data-answered-by={one.answered_by}
    >
      <span className="item-top">
        <b dir="auto">{one.customer_name ?? words.guest}</b>
        <Mood score={one.sentiment} />
        <When list={list} one={one} />
      </span>
      <Said one={one} isWriting={view.typing.get(one.id)?.author === "customer"} />
      <PromiseNext one={one} />
      <span className="item-tags">
        {view.mentioned.has(one.id) && (
          <span className="tag mention" data-testid="mentioned">
            {words.mentionsYou}
          </span>
        )}
        {list === "waiting" && one.handoff && one.handoff.priority !== "ordinary" && (
          <span className="tag priority">{words.priorities[one.handoff.priority]}</span>
        )}
        <Upset chance={one.upset} />
        {one.topic && <span className="tag">{words.intents[one.topic] ?? one.topic.replaceAll("_", " ")}</span>}
        {list === "waiting" && one.handoff && (
          <span className="tag person">{words.reasons[one.handoff.reason] ?? one.handoff.reason}</span>
        )}
        {list === "others" && <span className="tag">{one.agent_name ?? words.withBot}</span>}
        <span className="tag language">{one.language}</span>
      </span>
    </Link>
  );
}

function Said({ one, isWriting }: { one: Summary; isWriting: boolean }): ReactNode {
  const { words } = useWords();
  if (isWriting) return <span className="item-said writing">{words.writing}</span>;
  if (!one.last_turn) return null;
  const { author, text } = one.last_turn;
  return (
    <span className="item-said" dir="auto">
      {author !== "customer" && <span className="item-author">{words[author]}: </span>}
      {text}
    </span>
  );
}

function When({ list, one }: { list: ListProps["name"]; one: Summary }) {
  const { words, language } = useWords();
  const now = useNow();
  if (list === "waiting") {
    const waited = secondsSince(one.handoff?.created_at ?? one.created_at, now);
    return (
      <time className="wait" data-long={waited > 300 || undefined}>
        {fill(words.waitsFor, { span: span(waited, language, "narrow") })}
      </time>
    );
  }
  return <time>{span(secondsSince(one.last_turn?.created_at ?? one.created_at, now), language, "narrow")}</time>;
}
