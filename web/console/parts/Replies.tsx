import { useState } from "react";
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";
import { Problem } from "../../shared/api/request";
import type { Person } from "../../shared/api/types";
import { fill } from "../../shared/language";
import type { StaffSession } from "../../shared/staff/session";
import { LONGEST_MESSAGE, sendable } from "../../shared/text";
import { problemInWords } from "../../shared/words/problem";
import { useFetched } from "../jobs";
import type { CannedReply } from "../replies";
import { useWords } from "../words";
import { PageTop } from "./Page";

const ADDRESS = "/api/v1/desk/replies";

type Body = Omit<CannedReply, "id">;

/** The texts kept ready for agents. Everybody reads them, supervisors keep them. */
export function Replies({ staff, me }: { staff: StaffSession; me: Person }) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<{ items: CannedReply[] }>(staff, ADDRESS, 0);
  const mayKeep = me.role !== "agent";
  const ask = async (path: string, method: "POST" | "PUT" | "DELETE", body?: Body) => {
    await staff.ask(ADDRESS + path, { method, body });
    again();
  };
  return (
    <section className="learning jobs" data-testid="replies">
      <PageTop title={words.replies} about={fill(mayKeep ? words.repliesLong : words.repliesRead, PLACES)} />
      <div className="jobs-body">
        {found ? (
          <List items={found.items} ask={mayKeep ? ask : null} />
        ) : (
          <p className="empty-line" role={problem ? "alert" : "status"}>
            {problem ? problemInWords(problem, words.problems) : words.loading}
          </p>
        )}
        {found && mayKeep && (
          <ReplyForm title={words.newReply} submit={words.addReply} onSave={(body) => ask("", "POST", body)} />
        )}
      </div>
    </section>
  );
}

const PLACES = { customer: "{customer_name}", agent: "{agent_name}" };

type Ask = (path: string, method: "POST" | "PUT" | "DELETE", body?: Body) => Promise<void>;

function List({ items, ask }: { items: readonly CannedReply[]; ask: Ask | null }) {
  const { words } = useWords();
  if (items.length === 0) return <p className="empty-line">{words.noReplies}</p>;
  return (
    <ul className="job-list">
      {items.map((one) => (
        <li key={one.id}>
          <Line one={one} ask={ask} />
        </li>
      ))}
    </ul>
  );
}

function Line({ one, ask }: { one: CannedReply; ask: Ask | null }) {
  const { words } = useWords();
  const [doing, setDoing] = useState<"reading" | "changing" | "removing">("reading");
  return (
    <article className="schedule" data-testid="kept-reply">
      <span className="job-item-top">
        <b dir="auto">/{one.shortcut}</b>
        <span className="quiet">{words.languages[one.language] ?? one.language}</span>
        {ask && doing === "reading" && (
          <span className="schedule-verbs">
            <Button className="text-button" onPress={() => setDoing("changing")} data-testid="change-reply">
              {words.changeSchedule}
            </Button>
            <Button className="text-button" onPress={() => setDoing("removing")} data-testid="remove-reply">
              {words.removeSchedule}
            </Button>
          </span>
        )}
      </span>
      {doing !== "changing" && (
        <p className="canned-text" dir="auto" lang={one.language}>
          {one.body}
        </p>
      )}
      {ask && doing === "removing" && (
        <Removing onRemove={() => ask(`/${one.id}`, "DELETE")} onLeave={() => setDoing("reading")} />
      )}
      {ask && doing === "changing" && (
        <ReplyForm
          title={null}
          submit={words.saveSchedule}
          from={one}
          onLeave={() => setDoing("reading")}
          onSave={async (body) => {
            await ask(`/${one.id}`, "PUT", body);
            setDoing("reading");
          }}
        />
      )}
    </article>
  );
}

function Removing({ onRemove, onLeave }: { onRemove: () => Promise<void>; onLeave: () => void }) {
  const { words } = useWords();
  const [problem, setProblem] = useState<string | null>(null);
  const remove = () =>
    onRemove().catch((failed: unknown) => {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(problemInWords(failed, words.problems));
    });
  return (
    <span className="job-item-rest" role="group" aria-label={words.removeSchedule}>
      <span role={problem ? "alert" : undefined}>{problem ?? words.replyGone}</span>
      <span className="schedule-verbs">
        <Button className="text-button" autoFocus onPress={() => void remove()} data-testid="remove-reply-for-good">
          {words.removeSchedule}
        </Button>
        <Button className="text-button" onPress={onLeave}>
          {words.leaveAsIs}
        </Button>
      </span>
    </span>
  );
}

interface FormProps {
  title: string | null;
  submit: string;
  /** The text that is changed; a new one without it. */
  from?: CannedReply;
  onLeave?: () => void;
  onSave: (body: Body) => Promise<void>;
}

function ReplyForm({ title, submit, from, onLeave, onSave }: FormProps) {
  const { words, language: reads } = useWords();
  const [shortcut, setShortcut] = useState(from?.shortcut ?? "");
  const [language, setLanguage] = useState(from?.language ?? reads);
  const [body, setBody] = useState(from?.body ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setProblem(null);
    try {
      await onSave({ shortcut: shortcut.trim(), language, body: sendable(body) });
      if (!from) (setShortcut(""), setBody(""));
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(words.replyProblems[failed.code] ?? problemInWords(failed, words.problems));
    }
  };
  return (
    <form
      className="new-schedule canned-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {title && <h2>{title}</h2>}
      <TextField className="text-field" value={shortcut} onChange={setShortcut} maxLength={41} isRequired>
        <Label>{words.shortcut}</Label>
        <Input data-testid="reply-shortcut" />
      </TextField>
      <label className="text-field">
        <span>{words.language}</span>
        <select value={language} onChange={(event) => setLanguage(event.target.value)} data-testid="reply-language">
          {(["en", "zh"] as const).map((one) => (
            <option key={one} value={one}>
              {words.languages[one]}
            </option>
          ))}
        </select>
      </label>
      <TextField className="text-field wide" value={body} onChange={setBody} maxLength={LONGEST_MESSAGE} isRequired>
        <Label>{words.replyText}</Label>
        <TextArea rows={3} dir="auto" data-testid="reply-body" />
      </TextField>
      {problem && (
        <p className="group-problem wide" role="alert" data-testid="reply-problem">
          {problem}
        </p>
      )}
      <span className="wide schedule-verbs-start">
        <Button type="submit" className="button primary" data-testid={from ? "save-reply" : "add-reply"}>
          {submit}
        </Button>
        {onLeave && (
          <Button className="button quiet" onPress={onLeave}>
            {words.leaveAsIs}
          </Button>
        )}
      </span>
    </form>
  );
}
