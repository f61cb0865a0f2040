import type { Offer, Summary } from "../../shared/api/types";
import { fill, span } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import type { AgentDesk, ConsoleView } from "../desk";
import { navigate, pathTo } from "../route";
import { useWords } from "../words";
import { Busy } from "./Busy";
import { Left } from "./Left";
import { Upset } from "./Mood";
import { secondsSince, useNow } from "./now";

/** What I am offered, wherever I am in the console; the one that is open says so itself. */
export function Offers({ desk, view }: { desk: AgentDesk; view: ConsoleView }) {
  const { words } = useWords();
  const offers = view.queue?.offers.filter((one) => one.conversation_id !== view.openId) ?? [];
  return (
    <div className="offers" role="region" aria-label={words.offersTitle} aria-live="polite" data-testid="offers">
      {offers.map((offer) => (
        <Card
          key={offer.id}
          desk={desk}
          offer={offer}
          whose={view.queue?.waiting.find((one) => one.id === offer.conversation_id)}
        />
      ))}
    </div>
  );
}

function Card({ desk, offer, whose }: { desk: AgentDesk; offer: Offer; whose: Summary | undefined }) {
  const { words, language } = useWords();
  const now = useNow();
  const accept = async () => {
    const taken = await desk.accept(offer);
    if (taken) navigate(pathTo(taken));
  };
  const handoff = whose?.handoff;
  return (
    <article className="offer" data-testid="offer" data-id={offer.conversation_id}>
      <p className="offer-kicker">
        {words.offeredToYou}
        <Left offer={offer} />
      </p>
      <h2 dir="auto">{whose?.customer_name ?? words.guest}</h2>
      {whose?.last_turn && (
        <p className="offer-said" dir="auto">
          {whose.last_turn.text}
        </p>
      )}
      <p className="item-tags">
        {handoff && handoff.priority !== "ordinary" && (
          <span className="tag priority">{words.priorities[handoff.priority]}</span>
        )}
        <Upset chance={whose?.upset ?? null} />
        {whose?.topic && <span className="tag">{words.intents[whose.topic] ?? whose.topic.replaceAll("_", " ")}</span>}
        {handoff && <span className="tag person">{words.reasons[handoff.reason] ?? handoff.reason}</span>}
        {handoff && (
          <span className="offer-waits">
            {fill(words.waitsFor, { span: span(secondsSince(handoff.created_at, now), language, "narrow") })}
          </span>
        )}
        <span className="tag language">{whose?.language}</span>
      </p>
      <p className="offer-verbs">
        <Busy className="button person" onAct={accept} testId="accept-offer">
          <Icon name="check" /> {words.accept}
        </Busy>
        <Busy className="button quiet" onAct={async () => void (await desk.decline(offer))} testId="decline-offer">
          {words.notNow}
        </Busy>
      </p>
    </article>
  );
}
