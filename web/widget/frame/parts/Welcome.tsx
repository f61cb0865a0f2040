import { useWords } from "../App";
import { Mark } from "./icons";

/** What a customer sees before the first word: who answers here, and a few ways to begin. */
export function Welcome({ onSay, isUnavailable }: { onSay: (text: string) => void; isUnavailable: boolean }) {
  const { words } = useWords();
  if (isUnavailable) {
    return (
      <div class="welcome">
        <p role="alert">{words.unavailable}</p>
      </div>
    );
  }
  return (
    <div class="welcome">
      <span class="big-mark" aria-hidden="true">
        <Mark />
      </span>
      <h2>{words.hello}</h2>
      <p data-testid="disclosure">{words.disclosure}</p>
      <ul class="starters" aria-label={words.quickReplies}>
        {words.starters.map((text) => (
          <li key={text}>
            <button type="button" data-testid="starter" onClick={() => onSay(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
