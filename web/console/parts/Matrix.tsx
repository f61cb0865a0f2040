import { useState } from "react";
import { Button } from "react-aria-components";
import { fill } from "../../shared/language";
import { ANY, type Demand, levelOf, rowsOf, serving, type Skill, type Team, type Teammate, withLevel } from "../team";
import { useWords } from "../words";
import type { Save } from "./Team";

type Row = Pick<Skill, "topic" | "language">;
const LEVELS = [0, 1, 2, 3] as const;

/** Topic × language × level, a column for everybody who serves. */
export function Matrix({ team, demand, save }: { team: Team; demand: readonly Demand[]; save: Save | null }) {
  const { words } = useWords();
  const [added, setAdded] = useState<Row[]>([]);
  const people = serving(team.items);
  const rows = rowsOf(people, demand, added);
  return (
    <section aria-labelledby="matrix-title">
      <h2 id="matrix-title">{words.whoKnows}</h2>
      <p className="hint">{words.matrixLong}</p>
      {rows.length > 0 && (
        <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="matrix-title">
          <table className="matrix" data-testid="matrix">
            <thead>
              <tr>
                <th scope="col">{words.topic}</th>
                <th scope="col">{words.needs}</th>
                {people.map((one) => (
                  <th key={one.id} scope="col">
                    <span className="matrix-name">{one.name}</span>
                    {one.skills.length === 0 && <small>{words.takesAll}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Line key={`${row.topic}/${row.language}`} row={row} team={team} people={people} save={save} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length === 0 && <p className="empty-line">{words.noSkills}</p>}
      {save && <AddRow onAdd={(row) => setAdded([...added, row])} />}
    </section>
  );
}

interface LineProps {
  row: Row;
  team: Team;
  people: readonly Teammate[];
  save: Save | null;
}

function Line({ row, team, people, save }: LineProps) {
  const { words } = useWords();
  const topic = useTopicName()(row.topic);
  const needed = team.topic_needs[row.topic] ?? 1;
  const language = row.language === ANY ? words.anyLanguage : (words.languages[row.language] ?? row.language);
  const set = (one: Teammate, level: number) =>
    void save?.(`agents/${one.id}/skills`, { skills: withLevel(one.skills, row.topic, row.language, level) });
  return (
    <tr data-row={`${row.topic}/${row.language}`}>
      <th scope="row">
        {topic} <span className="tag">{language}</span>
      </th>
      <td>
        {row.topic === ANY ? (
          "–"
        ) : (
          <Level
            value={needed}
            least={1}
            label={fill(words.needOf, { topic })}
            onChange={save && ((level) => void save(`topics/${row.topic}/need`, { level }))}
          />
        )}
      </td>
      {people.map((one) => {
        const level = levelOf(one, row.topic, row.language);
        return (
          <td key={one.id} data-short={(level > 0 && level < needed) || undefined}>
            <Level
              value={level}
              least={0}
              label={fill(words.levelOf, { name: one.name, topic, language })}
              onChange={save && ((fresh) => set(one, fresh))}
            />
          </td>
        );
      })}
    </tr>
  );
}

interface LevelProps {
  value: number;
  least: 0 | 1;
  label: string;
  onChange: ((level: number) => void) | null;
}

function Level({ value, least, label, onChange }: LevelProps) {
  const { words } = useWords();
  if (!onChange)
    return (
      <span className="skill-level" data-level={value} title={words.levels3[value]}>
        {value || "–"}
      </span>
    );
  return (
    <select
      className="skill-level"
      data-level={value}
      value={value}
      aria-label={label}
      title={words.levels3[value]}
      onChange={(event) => onChange(Number(event.target.value))}
      data-testid="level"
    >
      {LEVELS.filter((level) => level >= least).map((level) => (
        <option key={level} value={level}>
          {level || "–"}
        </option>
      ))}
    </select>
  );
}

function AddRow({ onAdd }: { onAdd: (row: Row) => void }) {
  const { words } = useWords();
  const nameOf = useTopicName();
  const topics = [ANY, ...Object.keys(words.intents).filter((one) => !WITHOUT_SKILL.has(one))];
  const [topic, setTopic] = useState(ANY);
  const [language, setLanguage] = useState("en");
  return (
    <form
      className="add-row"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ topic, language });
      }}
    >
      <label>
        <span>{words.topic}</span>
        <select value={topic} onChange={(event) => setTopic(event.target.value)} data-testid="row-topic">
          {topics.map((one) => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.language}</span>
        <select value={language} onChange={(event) => setLanguage(event.target.value)} data-testid="row-language">
          {["en", "zh", ANY].map((one) => (
            <option key={one} value={one}>
              {one === ANY ? words.anyLanguage : words.languages[one]}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit" className="button" data-testid="add-row">
        {words.addRow}
      </Button>
    </form>
  );
}

/** What a message can mean without being about anything that somebody could know. */
const WITHOUT_SKILL = new Set(
  ("person foreign_language dont_know greet goodbye thanks help bot_challenge inform affirm deny stop out_of_scope " +
    "nlu_fallback").split(" "),
);

export function useTopicName(): (topic: string | null) => string {
  const { words } = useWords();
  return (topic) => {
    if (topic === null) return words.noTopic;
    return topic === ANY ? words.anyTopic : (words.intents[topic] ?? topic.replaceAll("_", " "));
  };
}
