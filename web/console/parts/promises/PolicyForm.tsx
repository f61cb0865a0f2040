import { useState } from "react";
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";
import { fill } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import { UNITS, inUnits, type Calendar, type Policy, type Step, type Unit } from "../../promises";
import { useWords } from "../../words";
import { FormFoot, useProblem } from "./Kept";

export type PolicyBody = Omit<Policy, "id">;

interface FormProps {
  from?: Policy;
  place: number;
  calendars: readonly Calendar[];
  onSave: (body: PolicyBody) => Promise<void>;
  onLeave: () => void;
}

const CHAIN: Step[] = [
  { percent: 75, tell: "agent" },
  { percent: 100, tell: "lead" },
  { percent: 150, tell: "supervisor" },
];
const KINDS = ["first_reply", "next_reply", "resolution"] as const;
/** What says how a talk goes on, not what it is about (the desk's WITHOUT_TOPIC). */
const SMALL = new Set([
  ...["affirm", "deny", "inform", "correct", "stop", "greet", "goodbye", "thanks", "help", "bot_challenge"],
  ...["chitchat", "smalltalk", "nlu_fallback", "out_of_scope", "dont_know", "refuse_answer", "foreign_language"],
]);

export function PolicyForm({ from, place, calendars, onSave, onLeave }: FormProps) {
  const { words } = useWords();
  const [name, setName] = useState(from?.name ?? "");
  const [at, setAt] = useState(String(from?.place ?? place));
  const [goal, setGoal] = useState(String(from?.goal_percent ?? 95));
  const [calendar, setCalendar] = useState(from?.calendar_id ?? "");
  const [topics, setTopics] = useState<readonly string[]>(from?.applies_to.topics ?? []);
  const [priorities, setPriorities] = useState<readonly string[]>(from?.applies_to.priorities ?? []);
  const [customers, setCustomers] = useState((from?.applies_to.customers ?? []).join("\n"));
  const [targets, setTargets] = useState(() =>
    Object.fromEntries(KINDS.map((what) => [what, inUnits(from?.[`${what}_seconds`] ?? null, !!from?.calendar_id)])),
  );
  const [steps, setSteps] = useState<Step[]>(from?.steps ?? CHAIN);
  const [problem, attempt] = useProblem();
  const seconds = (what: string): number | null => {
    const told = targets[what];
    return told?.amount.trim() ? Math.round(Number(told.amount) * UNITS[told.unit]) : null;
  };
  const body = (): PolicyBody => ({
    name: name.trim(),
    place: Math.round(Number(at)),
    applies_to: { topics: [...topics], priorities: [...priorities], customers: customers.split(/[\s,;，；]+/) },
    first_reply_seconds: seconds("first_reply"),
    next_reply_seconds: seconds("next_reply"),
    resolution_seconds: seconds("resolution"),
    calendar_id: calendar || null,
    goal_percent: Math.round(Number(goal)),
    steps,
  });
  const known = Object.keys(words.intents).filter((one) => !SMALL.has(one));
  const all = [...new Set([...known, ...topics])];
  return (
    <form
      className="ruled-form"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => onSave(body()));
      }}
    >
      <TextField className="text-field" value={name} onChange={setName} maxLength={80} isRequired>
        <Label>{words.scheduleName}</Label>
        <Input data-testid="policy-name" />
      </TextField>
      <span className="two">
        <TextField className="text-field" value={at} onChange={setAt} isRequired>
          <Label>{words.place}</Label>
          <Input type="number" min={0} max={10000} data-testid="policy-place" />
        </TextField>
        <TextField className="text-field" value={goal} onChange={setGoal} isRequired>
          <Label>{words.goalPercent}</Label>
          <Input type="number" min={1} max={100} data-testid="policy-goal" />
        </TextField>
      </span>
      <fieldset className="wide">
        <legend>{words.forWhom}</legend>
        <p className="note">{words.forWhomLong}</p>
        <Choices
          title={topics.length ? fill(words.nTopics, { n: topics.length }) : words.allTopics}
          all={all}
          chosen={topics}
          onChoose={setTopics}
          names={words.intents}
        />
        <Choices
          title={priorities.length ? priorities.map((p) => words.priorities[p]).join(", ") : words.allPriorities}
          all={["ordinary", "high", "vip"]}
          chosen={priorities}
          onChoose={setPriorities}
          names={words.priorities}
        />
        <TextField className="text-field" value={customers} onChange={setCustomers} maxLength={8000}>
          <Label>{words.customers}</Label>
          <TextArea rows={2} spellCheck="false" placeholder="ann@shop.example, @partner.example" />
        </TextField>
      </fieldset>
      <fieldset className="wide targets-form">
        <legend>{words.promises}</legend>
        {KINDS.map((what) => (
          <Target
            key={what}
            name={words.promised[what]}
            testId={`target-${what}`}
            amount={targets[what]?.amount ?? ""}
            unit={targets[what]?.unit ?? "hours"}
            onSet={(told) => setTargets({ ...targets, [what]: told })}
          />
        ))}
        <label className="text-field">
          <span>{words.whichTime}</span>
          <select value={calendar} onChange={(event) => setCalendar(event.target.value)} data-testid="policy-calendar">
            <option value="">{words.allTime}</option>
            {calendars.map((one) => (
              <option key={one.id} value={one.id}>
                {fill(words.countsBy, { calendar: one.name })}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <Chain steps={steps} onSet={setSteps} />
      <FormFoot problem={problem} isNew={!from} onLeave={onLeave} />
    </form>
  );
}

interface TargetProps {
  name: string;
  testId: string;
  amount: string;
  unit: Unit;
  onSet: (told: { amount: string; unit: Unit }) => void;
}

function Target({ name, testId, amount, unit, onSet }: TargetProps) {
  const { words } = useWords();
  return (
    <div className="target" role="group" aria-label={name}>
      <span>{name}</span>
      <input
        type="number"
        min={0}
        step="any"
        aria-label={name}
        placeholder={words.notPromised}
        value={amount}
        onChange={(event) => onSet({ amount: event.target.value, unit })}
        data-testid={testId}
      />
      <select
        aria-label={words.unit}
        value={unit}
        onChange={(event) => onSet({ amount, unit: event.target.value as Unit })}
      >
        {(Object.keys(UNITS) as Unit[]).map((one) => (
          <option key={one} value={one}>
            {words.units[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ChoicesProps {
  title: string;
  all: readonly string[];
  chosen: readonly string[];
  onChoose: (chosen: string[]) => void;
  names: Record<string, string>;
}

function Choices({ title, all, chosen, onChoose, names }: ChoicesProps) {
  return (
    <details className="choices">
      <summary>{title}</summary>
      <div>
        {all.map((one) => (
          <label key={one}>
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={(event) =>
                onChoose(event.target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
              }
            />
            {names[one] ?? one.replaceAll("_", " ")}
          </label>
        ))}
      </div>
    </details>
  );
}

function Chain({ steps, onSet }: { steps: readonly Step[]; onSet: (steps: Step[]) => void }) {
  const { words } = useWords();
  return (
    <fieldset className="wide">
      <legend>{words.whoIsTold}</legend>
      <p className="note">{words.whoIsToldLong}</p>
      {steps.map((step, at) => (
        <div key={at} className="step">
          <input
            type="number"
            min={1}
            max={1000}
            aria-label={words.percentOfTarget}
            value={step.percent}
            onChange={(event) => onSet(steps.with(at, { ...step, percent: Number(event.target.value) }))}
          />
          <span>%</span>
          <select
            aria-label={words.whoIsTold}
            value={step.tell}
            onChange={(event) => onSet(steps.with(at, { ...step, tell: event.target.value }))}
          >
            {["agent", "lead", "supervisor"].map((one) => (
              <option key={one} value={one}>
                {words.tells[one]}
              </option>
            ))}
          </select>
          <Button
            className="button quiet square"
            aria-label={words.removeSchedule}
            onPress={() => onSet(steps.filter((_, other) => other !== at))}
          >
            <Icon name="cross" />
          </Button>
        </div>
      ))}
      {steps.length < 12 && (
        <Button
          className="text-button"
          onPress={() => onSet([...steps, { percent: (steps.at(-1)?.percent ?? 50) + 50, tell: "supervisor" }])}
        >
          {words.addStep}
        </Button>
      )}
    </fieldset>
  );
}
