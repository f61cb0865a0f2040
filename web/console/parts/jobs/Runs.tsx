import { clockTime, fill, span } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import { fileUrl, type RobotRun, type WholeJob } from "../../jobs";
import { useWords } from "../../words";

/** Every run of the robot: its steps with pictures, how it ended, and its logs one click away. */
export function Runs({ job }: { job: WholeJob }) {
  const { words } = useWords();
  if (job.runs.length === 0) return <p className="empty-line">{words.noRunYet}</p>;
  return (
    <section className="runs">
      <h2>{words.runsOfRobot}</h2>
      {[...job.runs].reverse().map((run) => (
        <Run key={run.number} job={job} run={run} />
      ))}
    </section>
  );
}

function Run({ job, run }: { job: WholeJob; run: RobotRun }) {
  const { words, language } = useWords();
  const took =
    run.started_at && run.ended_at ? (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000 : null;
  const shown = new Set(run.steps.map((made) => made.screenshot));
  const pictures = run.files.filter((file) => file.is_picture && !shown.has(file.name));
  const others = run.files.filter((file) => !file.is_picture);
  return (
    <article className="run" data-testid="run" data-ending={run.ending ?? "open"}>
      <header>
        <h3>{fill(words.runN, { n: run.number })}</h3>
        <span className="run-ending">{run.ending ? (words.endings[run.ending] ?? run.ending) : words.runOpen}</span>
        <span className="quiet">
          {run.started_at && clockTime(run.started_at, language)}
          {took !== null && ` · ${fill(words.took, { span: span(took, language, "narrow") })}`}
          {run.worker && ` · ${run.worker}`}
        </span>
      </header>
      {run.message && (
        <p className="run-said" dir="auto">
          {run.message}
        </p>
      )}
      {run.steps.length > 0 && (
        <ol className="run-steps">
          {run.steps.map((made, at) => (
            <li key={at} data-testid="run-step">
              <span>
                {words.steps[made.step] ?? made.step.replaceAll("_", " ")}
                <time dateTime={made.at}>{clockTime(made.at, language)}</time>
              </span>
              {made.screenshot && <Picture job={job} run={run} name={made.screenshot} />}
            </li>
          ))}
        </ol>
      )}
      {pictures.length > 0 && (
        <div className="run-pictures">
          {pictures.map((file) => (
            <Picture key={file.name} job={job} run={run} name={file.name} />
          ))}
        </div>
      )}
      {others.length > 0 && (
        <p className="run-files">
          {others.map((file) => (
            <a
              key={file.name}
              className="button quiet"
              href={fileUrl(job.id, run.number, file.name)}
              target="_blank"
              rel="noopener"
              data-testid="run-file"
            >
              <Icon name="page" /> {file.name} <span className="quiet">{sizeOf(file.bytes)}</span>
            </a>
          ))}
        </p>
      )}
    </article>
  );
}

function Picture({ job, run, name }: { job: WholeJob; run: RobotRun; name: string }) {
  const { words } = useWords();
  const url = fileUrl(job.id, run.number, name);
  return (
    <a className="picture" href={url} target="_blank" rel="noopener" data-testid="run-picture">
      <img src={url} alt={fill(words.pictureOf, { name })} loading="lazy" />
    </a>
  );
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
