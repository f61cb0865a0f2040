import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { tagOf } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import { useFetched } from "../../jobs";
import {
  WEEKDAYS,
  spansRead,
  spansWritten,
  weekdayName,
  type Calendar,
  type Holiday,
} from "../../promises";
import { useWords } from "../../words";
import { FormFoot, KeptItem, keeping, useProblem } from "./Kept";
import { Meanwhile } from "../Page";
import type { PromisesProps } from "./Promises";

const ADDRESS = "/api/v1/desk/calendars";
const ZONES: readonly string[] = Intl.supportedValuesOf?.("timeZone") ?? [];

type Body = Omit<Calendar, "id">;

/** When teams work. Everybody reads it, supervisors keep it. */
export function Calendars({ staff, me }: Omit<PromisesProps, "beat">) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<{ items: Calendar[] }>(staff, ADDRESS, 0);
  const [isAdding, setAdding] = useState(false);
  if (!found) return <Meanwhile problem={problem} />;
  const keep = me.role === "agent" ? null : keeping<Body>(staff, ADDRESS, again);
  const add = async (body: Body) => {
    await keep?.add(body);
    setAdding(false);
  };
  return (
    <div className="jobs-body">
      {found.items.length === 0 && <p className="empty-line">{words.noCalendars}</p>}
      {found.items.map((one) => (
        <KeptItem
          key={one.id}
          id={one.id}
          testId="calendar"
          gone={words.calendarGone}
          keep={keep}
          title={
            <>
              <h2 dir="auto">{one.name}</h2>
              <span className="quiet">{one.time_zone.replaceAll("_", " ")}</span>
            </>
          }
          form={(onSave, onLeave) => <CalendarForm from={one} onSave={onSave} onLeave={onLeave} />}
        >
          <CalendarFacts one={one} />
        </KeptItem>
      ))}
      {keep && !isAdding && (
        <Button className="button" onPress={() => setAdding(true)} data-testid="add-calendar">
          {words.newCalendar}
        </Button>
      )}
      {isAdding && (
        <article className="ruled">
          <header>
            <h2>{words.newCalendar}</h2>
          </header>
          <CalendarForm onSave={add} onLeave={() => setAdding(false)} />
        </article>
      )}
    </div>
  );
}

/** The week with days of the same hours together, then what is otherwise. */
function CalendarFacts({ one }: { one: Calendar }) {
  const { words, language } = useWords();
  const day = new Intl.DateTimeFormat(tagOf(language), {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return (
    <>
      <dl className="week">
        {alike(one).map(({ first, last, hours }) => (
          <div key={first} data-free={hours ? undefined : ""}>
            <dt>
              {weekdayName(first, language)}
              {last > first && ` – ${weekdayName(last, language)}`}
            </dt>
            <dd>{hours || words.free}</dd>
          </div>
        ))}
      </dl>
      {one.holidays.length > 0 && (
        <dl className="week holidays">
          {one.holidays.map((free) => (
            <div key={free.day} data-free={free.spans.length ? undefined : ""}>
              <dt>
                {day.format(new Date(`${free.day}T00:00:00Z`))} <span className="quiet">{free.name}</span>
              </dt>
              <dd>{spansWritten(free.spans) || words.free}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function alike({ week }: Calendar): { first: number; last: number; hours: string }[] {
  const runs: { first: number; last: number; hours: string }[] = [];
  WEEKDAYS.forEach((day, at) => {
    const hours = spansWritten(week[day] ?? []);
    const run = runs.at(-1);
    if (run?.hours === hours) run.last = at;
    else runs.push({ first: at, last: at, hours });
  });
  return runs;
}

interface FormProps {
  from?: Calendar;
  onSave: (body: Body) => Promise<void>;
  onLeave: () => void;
}

interface WrittenHoliday extends Omit<Holiday, "spans"> {
  hours: string;
}

const OFFICE = "09:00–12:30, 13:30–18:00";

function CalendarForm({ from, onSave, onLeave }: FormProps) {
  const { words, language } = useWords();
  const [name, setName] = useState(from?.name ?? "");
  const [zone, setZone] = useState(from?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [week, setWeek] = useState(() =>
    WEEKDAYS.map((day, at) => (from ? spansWritten(from.week[day] ?? []) : at < 5 ? OFFICE : "")),
  );
  const [holidays, setHolidays] = useState<WrittenHoliday[]>(
    () => from?.holidays.map((one) => ({ ...one, hours: spansWritten(one.spans) })) ?? [],
  );
  const [problem, attempt] = useProblem();
  const body = (): Body => ({
    name: name.trim(),
    time_zone: zone.trim(),
    week: Object.fromEntries(WEEKDAYS.map((day, at) => [day, spansRead(week[at] ?? "")])),
    holidays: holidays
      .filter((one) => one.day)
      .map(({ day, name: called, hours }) => ({ day, name: called.trim(), spans: spansRead(hours) })),
  });
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
        <Input data-testid="calendar-name" />
      </TextField>
      <TextField className="text-field" value={zone} onChange={setZone} maxLength={80} isRequired>
        <Label>{words.timeZone}</Label>
        <Input list="zones" spellCheck="false" data-testid="calendar-zone" />
        <datalist id="zones">
          {ZONES.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </TextField>
      <fieldset className="wide days">
        <legend>{words.workingHours}</legend>
        <p className="note">{words.workingHoursLong}</p>
        {WEEKDAYS.map((day, at) => (
          <label key={day}>
            <span>{weekdayName(at, language)}</span>
            <input
              value={week[at]}
              placeholder={words.free}
              maxLength={160}
              spellCheck="false"
              onChange={(event) => setWeek(week.with(at, event.target.value))}
              data-testid={`hours-${day}`}
            />
          </label>
        ))}
      </fieldset>
      <fieldset className="wide days">
        <legend>{words.holidays}</legend>
        {holidays.map((one, at) => {
          const set = (more: Partial<WrittenHoliday>) => setHolidays(holidays.with(at, { ...one, ...more }));
          return (
            <div key={at} className="holiday">
              <input
                type="date"
                aria-label={words.date}
                value={one.day}
                onChange={(event) => set({ day: event.target.value })}
                data-testid="holiday-day"
              />
              <input
                aria-label={words.scheduleName}
                placeholder={words.scheduleName}
                value={one.name}
                maxLength={80}
                onChange={(event) => set({ name: event.target.value })}
              />
              <input
                aria-label={words.workingHours}
                placeholder={words.free}
                value={one.hours}
                maxLength={160}
                onChange={(event) => set({ hours: event.target.value })}
              />
              <Button
                className="button quiet square"
                aria-label={words.removeSchedule}
                onPress={() => setHolidays(holidays.filter((_, other) => other !== at))}
              >
                <Icon name="cross" />
              </Button>
            </div>
          );
        })}
        <Button
          className="text-button"
          onPress={() => setHolidays([...holidays, { day: "", name: "", hours: "" }])}
          data-testid="add-holiday"
        >
          {words.addHoliday}
        </Button>
      </fieldset>
      <FormFoot problem={problem} isNew={!from} onLeave={onLeave} />
    </form>
  );
}
