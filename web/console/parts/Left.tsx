import { useEffect, useState } from "react";
import type { Offer } from "../../shared/api/types";
import { tagOf } from "../../shared/language";
import { useWords } from "../words";

/** What is left of the time to accept: a number, and a bar that empties. By this machine's own
 * clock from when the desk told it: the two clocks need not agree. */
export function Left({ offer }: { offer: Offer }) {
  const { words, language } = useWords();
  const [until] = useState(() => Date.now() + offer.seconds_left * 1000);
  const [left, setLeft] = useState(offer.seconds_left);
  const seconds = new Intl.NumberFormat(tagOf(language), { style: "unit", unit: "second", unitDisplay: "narrow" });
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, (until - Date.now()) / 1000)), 250);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <>
      <span className="offer-left" aria-hidden="true" data-testid="offer-left">
        {left > 0 ? seconds.format(Math.ceil(left)) : words.goesOn}
      </span>
      <i
        className="offer-bar"
        aria-hidden="true"
        data-short={left < 8 || undefined}
        style={{ inlineSize: `${Math.min(100, (100 * left) / Math.max(1, offer.seconds))}%` }}
      />
    </>
  );
}
