import { useEffect, useState } from "preact/hooks";
import type { View } from "../desk";
import { useWords } from "../App";

/** Short breaks mend themselves unseen; only one that lasts is worth a line. */
const PATIENCE_MS = 2500;

export function Notices({ view }: { view: View }) {
  const { words } = useWords();
  const isCut = useLasting(isLost(view), PATIENCE_MS);
  const isWaiting = view.conversation?.status === "open" && view.conversation.answered_by === "queue";
  return (
    <div class="notices">
      {isCut && (
        <p class="notice bad" role="alert" data-testid="connection-notice">
          <span class="pulse" aria-hidden="true" /> {words.lost}
        </p>
      )}
      {!isCut && isWaiting && (
        <p class="notice person" data-testid="queue-notice">
          {words.queueHere}
        </p>
      )}
      {view.isIdentityRefused && <p class="notice bad">{words.identityRefused}</p>}
    </div>
  );
}

function isLost(view: View): boolean {
  const isFollowing = view.conversation !== null || view.isLoading;
  const isStuck = view.unsent.some((one) => one.state === "sending" && one.failures > 1);
  return (isFollowing && view.connection === "lost") || isStuck;
}

function useLasting(is: boolean, milliseconds: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!is) return setLasts(false);
    const timer = setTimeout(() => setLasts(true), milliseconds);
    return () => clearTimeout(timer);
  }, [is, milliseconds]);
  return lasts;
}
