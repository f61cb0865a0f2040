import { useId, useState } from "preact/hooks";
import type { Survey } from "../../../shared/api/types";
import { fill } from "../../../shared/language";
import { useWords } from "../App";
import type { CustomerDesk } from "../desk";

const SCORES = [1, 2, 3, 4, 5];
const LONGEST_COMMENT = 1000;

interface Props {
  desk: CustomerDesk;
  survey: Survey;
}

/** How was it? One press counts at once; why may follow. */
export function Rating({ desk, survey }: Props) {
  const { words } = useWords();
  const question = useId();
  const [standing, setStanding] = useState<"" | "sending" | "failed">("");
  const send = async (score: number, comment: string | null) => {
    setStanding("sending");
    try {
      await desk.rate(score, comment);
      setStanding("");
    } catch {
      setStanding("failed");
    }
  };
  return (
    <section class="rating" aria-labelledby={question} data-testid="rating">
      <p id={question} class="rating-question">
        {words.howWasIt}
      </p>
      <div class="rating-scores" role="group" aria-labelledby={question}>
        {SCORES.map((score) => (
          <button
            key={score}
            type="button"
            aria-pressed={survey.score === score}
            aria-label={fill(words.scoreLabel, { score, meaning: words.scores[score - 1] ?? "" })}
            disabled={standing === "sending"}
            data-testid={`score-${score}`}
            onClick={() => void send(score, survey.comment)}
          >
            {score}
          </button>
        ))}
      </div>
      <p class="rating-ends" aria-hidden="true">
        <span>{words.scores[0]}</span>
        <span>{words.scores[4]}</span>
      </p>
      {survey.score !== null && (
        <Why survey={survey} isSending={standing === "sending"} onSend={(why) => send(survey.score ?? 0, why)} />
      )}
      <p role="status" class="rating-standing">
        {standing === "failed" ? words.ratingFailed : survey.score !== null ? words.ratingThanks : ""}
      </p>
    </section>
  );
}

function Why({ survey, isSending, onSend }: { survey: Survey; isSending: boolean; onSend: (why: string) => void }) {
  const { words } = useWords();
  const [why, setWhy] = useState(survey.comment ?? "");
  if (survey.comment) return <blockquote dir="auto">{survey.comment}</blockquote>;
  return (
    <form
      class="rating-why"
      onSubmit={(event) => {
        event.preventDefault();
        if (why.trim()) onSend(why.trim());
      }}
    >
      <textarea
        rows={2}
        maxLength={LONGEST_COMMENT}
        aria-label={words.ratingWhy}
        placeholder={words.ratingWhy}
        value={why}
        data-testid="rating-why"
        onInput={(event) => setWhy(event.currentTarget.value)}
      />
      <button type="submit" disabled={isSending || !why.trim()}>
        {words.ratingSend}
      </button>
    </form>
  );
}
