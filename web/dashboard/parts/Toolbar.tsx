import { useState } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { fill } from "../../shared/language";
import { Icon } from "../../shared/staff/Icon";
import { csvOf, save } from "../csv";
import { GROUPINGS, lastDays, type Figures, type Grouping, type Window } from "../figures";
import { useWords } from "../words";

const SPANS = [7, 14, 30, 90];

interface Props {
  window: Window;
  onWindow: (window: Window) => void;
  figures: Figures | null;
}

export function Toolbar({ window, onWindow, figures }: Props) {
  const { words } = useWords();
  const span = SPANS.find((days) => {
    const { from, to } = lastDays(days);
    return from === window.from && to === window.to;
  });
  const download = () => {
    if (figures) save(`kaidesk-${window.from}-${window.to}-${window.by}.csv`, csvOf(figures));
  };
  return (
    <div className="toolbar" role="group" aria-label={words.range}>
      <ToggleButtonGroup
        className="segments"
        aria-label={words.range}
        selectionMode="single"
        disallowEmptySelection={span !== undefined}
        selectedKeys={span ? [String(span)] : []}
        onSelectionChange={([chosen]) => chosen && onWindow({ ...window, ...lastDays(Number(chosen)) })}
      >
        {SPANS.map((days) => (
          <ToggleButton key={days} id={String(days)} className="segment" data-testid={`days-${days}`}>
            {fill(words.lastDays, { n: days })}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Days key={`${window.from}/${window.to}`} window={window} onWindow={onWindow} />
      <div className="grouping">
        <span id="group-by">{words.groupBy}</span>
        <ToggleButtonGroup
          className="segments"
          aria-labelledby="group-by"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[window.by]}
          onSelectionChange={([by]) => by && onWindow({ ...window, by: by as Grouping })}
        >
          {GROUPINGS.map((by) => (
            <ToggleButton key={by} id={by} className="segment" data-testid={`group-${by}`}>
              {words.groupings[by]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      <Button className="button" onPress={download} isDisabled={!figures} data-testid="csv">
        <Icon name="download" /> {words.csv}
      </Button>
    </div>
  );
}

/** First and last day. A range is asked for only when it makes sense. */
function Days({ window, onWindow }: Omit<Props, "figures">) {
  const { words } = useWords();
  const [days, setDays] = useState({ from: window.from, to: window.to });
  const isWrong = days.from > days.to;
  const change = (part: Partial<typeof days>) => {
    const fresh = { ...days, ...part };
    setDays(fresh);
    const isWhole = /^[12]\d{3}-/.test(fresh.from) && /^[12]\d{3}-/.test(fresh.to);
    if (isWhole && fresh.from <= fresh.to) onWindow({ ...window, ...fresh });
  };
  return (
    <div className="days">
      <label>
        {words.from}
        <input
          type="date"
          value={days.from}
          aria-invalid={isWrong}
          data-testid="from"
          onChange={(event) => change({ from: event.target.value })}
        />
      </label>
      <label>
        {words.to}
        <input
          type="date"
          value={days.to}
          aria-invalid={isWrong}
          data-testid="to"
          onChange={(event) => change({ to: event.target.value })}
        />
      </label>
      {isWrong && (
        <p className="days-wrong" role="alert">
          {words.wrongRange}
        </p>
      )}
    </div>
  );
}
