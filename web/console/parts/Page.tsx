import { useEffect, useRef } from "react";
import { Button, Link } from "react-aria-components";
import type { Problem } from "../../shared/api/request";
import { Icon } from "../../shared/staff/Icon";
import { problemInWords } from "../../shared/words/problem";
import { useWords } from "../words";

/** The head of a page beside the conversations: on a phone with the way back to them. */
export function PageTop({ title, about }: { title: string; about: string }) {
  const { words } = useWords();
  return (
    <header className="learning-top">
      <Link className="button quiet square narrow-only" href="/console" aria-label={words.back}>
        <Icon name="back" />
      </Link>
      <div>
        <h1>{title}</h1>
        <p>{about}</p>
      </div>
    </header>
  );
}

export interface Tab {
  id: string;
  href: string;
  title: string;
  isOpen: boolean;
  /** How many wait behind it. */
  count?: number;
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ name, tabs }: { name: string; tabs: readonly Tab[] }) {
  const here = useRef<HTMLElement>(null);
  const open = tabs.find((one) => one.isOpen)?.id;
  // On a phone the tabs are wider than the screen: the one that is open is brought into sight.
  useEffect(() => {
    here.current?.querySelector("[aria-current=page]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [open]);
  return (
    <nav ref={here} className="tabs" aria-label={name}>
      {tabs.map((one) => (
        <Link
          key={one.id}
          href={one.href}
          className="tab"
          aria-current={one.isOpen ? "page" : false}
          data-testid={one.id}
        >
          {one.title} {one.count ? <span className="badge">{one.count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}

/** In place of what has not come yet, or could not be had; `again` asks once more. */
export function Meanwhile({ problem, again }: { problem: Problem | null; again?: () => void }) {
  const { words } = useWords();
  if (!problem) {
    return (
      <p className="nothing-open" role="status">
        {words.loading}
      </p>
    );
  }
  return (
    <div className="nothing-open" role="alert">
      <h2>{problemInWords(problem, words.problems)}</h2>
      {again && (
        <Button className="button" onPress={again}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}
