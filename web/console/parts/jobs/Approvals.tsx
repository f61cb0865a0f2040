import { useState } from "react";
import { Button, Dialog, DialogTrigger, Heading, Link, Modal, ModalOverlay, TextArea, TextField, Label } from "react-aria-components";
import { Problem } from "../../../shared/api/request";
import { clockTime, dayName, fill, span } from "../../../shared/language";
import { Icon } from "../../../shared/staff/Icon";
import { problemInWords } from "../../../shared/words/problem";
import { money, useFetched, type Approval } from "../../jobs";
import { pathTo, pathToJob } from "../../route";
import { useWords } from "../../words";
import { Meanwhile } from "../Page";
import { secondsSince, useNow } from "../now";
import type { JobsProps } from "./Jobs";

interface Lists {
  waiting: Approval[];
  decided: Approval[];
}

/** What waits for a supervisor's word, and what was decided last. */
export function Approvals({ staff, me, beat }: JobsProps) {
  const { words } = useWords();
  const { found, problem, again } = useFetched<Lists>(staff, "/api/v1/desk/approvals", beat);
  if (!found) return <Meanwhile problem={problem} again={again} />;
  const mayDecide = me.role !== "agent";
  return (
    <div className="jobs-body">
      {!mayDecide && <p className="note">{words.supervisorsDecide}</p>}
      {found.waiting.length === 0 ? (
        <p className="empty-line" data-testid="no-approvals">
          {words.tabsEmpty.approvals}
        </p>
      ) : (
        <ul className="approval-list">
          {found.waiting.map((one) => (
            <li key={one.id}>
              <ApprovalCard
                one={one}
                onDecide={
                  mayDecide
                    ? async (verb, reason) => {
                        const body = verb === "refuse" ? { reason } : undefined;
                        await staff.ask(`/api/v1/desk/approvals/${one.id}/${verb}`, { method: "POST", body });
                        again();
                      }
                    : null
                }
              />
            </li>
          ))}
        </ul>
      )}
      {found.decided.length > 0 && <Decided decided={found.decided} />}
    </div>
  );
}

type Verdict = "approve" | "refuse";
export type OnDecide = (verb: Verdict, reason: string) => Promise<void>;

/** One refund that waits. `onDecide` is null for whoever may only look. */
export function ApprovalCard({ one, onDecide }: { one: Approval; onDecide: OnDecide | null }) {
  const { words, language } = useWords();
  const now = useNow();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const left = (Date.parse(one.expires_at) - now) / 1000;
  const decide = async (verb: Verdict, reason = "") => {
    setBusy(true);
    try {
      await onDecide?.(verb, reason);
      return true;
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      setProblem(failed);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return (
    <article className="approval" data-testid="approval" data-overdue={one.overdue_at ? "" : undefined}>
      <header>
        <h2>
          {one.amount_minor !== null && one.currency
            ? money(one.amount_minor, one.currency, language)
            : words.amountUnknown}
        </h2>
        <p>
          <Link href={pathToJob(one.job_id)} className="text-link">
            {words.kinds[one.kind] ?? one.kind}
            {one.order_number && ` · ${fill(words.order, { number: one.order_number })}`}
          </Link>
        </p>
        <time dateTime={one.created_at} data-late={one.overdue_at || left < 3600 ? "" : undefined}>
          {one.overdue_at
            ? fill(words.overdueFor, { span: span(secondsSince(one.expires_at, now), language) })
            : fill(words.stillFor, { span: span(Math.max(0, left), language) })}
        </time>
      </header>
      <p className="approval-why">
        <Icon name="alert" /> {fill(words.whys[one.why ?? ""] ?? (one.why ?? ""), { n: one.refunds_before })}
      </p>
      {one.customer_reason && (
        <blockquote dir="auto">{one.customer_reason}</blockquote>
      )}
      <footer>
        {one.conversation_id && (
          <Link className="button quiet" href={pathTo(one.conversation_id)}>
            <Icon name="chat" /> {words.conversation}
          </Link>
        )}
        {onDecide && (
          <>
            <Refuse language={one.language} isBusy={isBusy} onRefuse={(reason) => decide("refuse", reason)} />
            <Button
              className="button primary"
              isDisabled={isBusy}
              onPress={() => void decide("approve")}
              data-testid="approve"
            >
              <Icon name="check" /> {words.approve}
            </Button>
          </>
        )}
      </footer>
      {problem && (
        <p className="group-problem" role="alert" data-testid="approval-problem">
          {problem.detail || problemInWords(problem, words.problems)}
        </p>
      )}
    </article>
  );
}

interface RefuseProps {
  language: string | null;
  isBusy: boolean;
  onRefuse: (reason: string) => Promise<boolean>;
}

const LONGEST_REASON = 500;

function Refuse({ language, isBusy, onRefuse }: RefuseProps) {
  const { words } = useWords();
  const [reason, setReason] = useState("");
  return (
    <DialogTrigger>
      <Button className="button" isDisabled={isBusy} data-testid="refuse">
        <Icon name="cross" /> {words.refuse}
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            {({ close }) => (
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  void onRefuse(reason).then(close);
                }}
              >
                <Heading slot="title">{words.refuseTitle}</Heading>
                <p>
                  {words.refuseLong} {language && fill(words.readsIn, { language: words.languages[language] ?? language })}
                </p>
                <TextField className="text-field" value={reason} onChange={setReason} maxLength={LONGEST_REASON} autoFocus>
                  <Label>{words.reasonForCustomer}</Label>
                  <TextArea rows={4} data-testid="refuse-reason" />
                </TextField>
                <div className="dialog-actions">
                  <Button className="button quiet" onPress={close}>
                    {words.cancel}
                  </Button>
                  <Button
                    className="button person"
                    type="submit"
                    isDisabled={!reason.trim() || isBusy}
                    data-testid="refuse-confirm"
                  >
                    {words.refuse}
                  </Button>
                </div>
              </form>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function Decided({ decided }: { decided: readonly Approval[] }) {
  const { words, language } = useWords();
  return (
    <section className="decided">
      <h2>{words.decidedLately}</h2>
      <ul>
        {decided.map((one) => (
          <li key={one.id} data-standing={one.standing} data-testid="decided">
            <span className="decided-what">
              <b>{words.standings[one.standing]}</b>{" "}
              <Link href={pathToJob(one.job_id)} className="text-link">
                {one.amount_minor !== null && one.currency ? money(one.amount_minor, one.currency, language) : ""}
                {one.order_number && ` · ${one.order_number}`}
              </Link>
            </span>
            <span className="quiet">
              {one.decided_by} · {one.decided_at && `${dayName(one.decided_at, language)} ${clockTime(one.decided_at, language)}`}
            </span>
            {one.reason && <q dir="auto">{one.reason}</q>}
          </li>
        ))}
      </ul>
    </section>
  );
}
