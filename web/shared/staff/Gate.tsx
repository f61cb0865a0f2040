import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { Button } from "react-aria-components";
import type { Person } from "../api/types";
import { backoffSeconds } from "../backoff";
import type { StaffWords } from "../words/staff.en";
import { Mark } from "./Icon";
import type { StaffSession } from "./session";
import { SignIn } from "./SignIn";

interface Props {
  staff: StaffSession;
  words: StaffWords;
  onLanguage: () => void;
  children: (me: Person) => ReactNode;
}

/** Shows the page to whoever is signed in, and the way in to everybody else. */
export function Gate({ staff, words, onLanguage, children }: Props) {
  const presence = useSyncExternalStore(staff.subscribe, staff.snapshot);
  const [failures, setFailures] = useState(0);

  useEffect(() => {
    if (presence !== "unknown") return;
    const look = () => staff.look().catch(() => setFailures((known) => known + 1));
    const timer = setTimeout(() => void look(), failures === 0 ? 0 : backoffSeconds(failures) * 1000);
    return () => clearTimeout(timer);
  }, [presence, failures, staff]);

  if (presence === "out") return <SignIn staff={staff} words={words} onLanguage={onLanguage} />;
  if (presence !== "unknown") return children(presence);
  return (
    <main className="gate" role="status">
      <Mark />
      {failures === 0 ? (
        <span className="offscreen">{words.loading}</span>
      ) : (
        <>
          <p>{words.problems.unreachable}</p>
          <Button className="button" onPress={() => setFailures((known) => known + 1)}>
            {words.retry}
          </Button>
        </>
      )}
    </main>
  );
}
