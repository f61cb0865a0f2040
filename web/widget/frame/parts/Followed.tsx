import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../App";
import { Icon } from "./icons";

const NEAR_END_PX = 80;

interface Props {
  /** A word of one's own always brings the end back into sight. */
  hasUnsent: boolean;
  isOpen: boolean;
  children: ComponentChildren;
}

/** A scrolling box that keeps its end in sight, unless the reader has scrolled up to read. */
export function Followed({ hasUnsent, isOpen, children }: Props) {
  const { words } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);

  const go = () => {
    isAtEnd.current = true;
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };
  const scrolled = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    const isNear = scrollHeight - scrollTop - clientHeight <= NEAR_END_PX;
    // Only moving up leaves the end: what was said meanwhile also makes the end far away.
    if (isNear) isAtEnd.current = true;
    else if (scrollTop < lastTop.current) isAtEnd.current = false;
    lastTop.current = scrollTop;
    setAway(!isAtEnd.current);
  };
  useEffect(() => {
    // More was said, a notice came or the composer grew: stay where the end was.
    const keep = new ResizeObserver(() => isAtEnd.current && go());
    for (const element of [box.current, content.current]) if (element) keep.observe(element);
    return () => keep.disconnect();
  }, []);
  useLayoutEffect(go, [hasUnsent, isOpen]);

  return (
    <div class="scroll" ref={box} onScroll={scrolled} tabIndex={0} role="region" aria-label={words.conversation}>
      <div ref={content}>{children}</div>
      {isAway && (
        <button type="button" class="newest" onClick={go} data-testid="newest">
          <Icon name="down" /> {words.newest}
        </button>
      )}
    </div>
  );
}
