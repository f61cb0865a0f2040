import type {
  AgentTurn,
  AgentView,
  ConversationState,
  DeskEvent,
  Header,
  Job,
  Note,
  Offer,
  Queue,
  StaffSurvey,
  Summary,
  Turn,
} from "./api/types";

const PROGRESS: Record<Job["status"], number> = {
  queued: 0,
  waiting: 0,
  working: 1,
  done: 2,
  refused: 2,
  gave_up: 2,
  needs_review: 2,
  cancelled: 2,
};

/** Turns with `turn` put in or replaced by id, in the desk's order. */
export function withTurn<T extends Turn>(turns: T[], turn: T): T[] {
  const others = turns.filter((known) => known.id !== turn.id);
  return [...others, turn].sort((a, b) => a.sequence - b.sequence);
}

/** Jobs with `job` put in or replaced by id. Within its round a job never goes back: news that
 * arrives late cannot turn a settled card into a working one. */
export function withJob(jobs: Job[], job: Job): Job[] {
  const known = jobs.find((one) => one.id === job.id);
  if (known && (known.round > job.round || (known.round === job.round && isBehind(job, known)))) return jobs;
  if (known) return jobs.map((one) => (one.id === job.id ? job : one));
  return [...jobs, job].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}

/** Notes with `note` put in or replaced by id, in the order they were written. */
export function withNote(notes: Note[], note: Note): Note[] {
  const others = notes.filter((known) => known.id !== note.id);
  return [...others, note].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}

/** Surveys with `survey` put in or replaced by id, in the order they were asked. */
export function withSurvey(surveys: StaffSurvey[], survey: StaffSurvey): StaffSurvey[] {
  const others = surveys.filter((known) => known.id !== survey.id);
  return [...others, survey].sort((a, b) => Date.parse(a.asked_at) - Date.parse(b.asked_at));
}

/** What I am offered with `offer` put in, or taken out once it is over. */
export function withOffer(offers: Offer[], offer: Offer, me: string): Offer[] {
  const others = offers.filter((known) => known.id !== offer.id);
  return offer.standing === "open" && offer.person_id === me ? [...others, offer] : others;
}

function isBehind(job: Job, known: Job): boolean {
  const gone = PROGRESS[job.status] - PROGRESS[known.status];
  return gone < 0 || (gone === 0 && job.steps.length < known.steps.length);
}

/** State + event = new state, for the customer's screen. Applying an event twice changes nothing. */
export function applyToConversation(state: ConversationState, event: DeskEvent): ConversationState {
  if (event.conversation_id !== state.id) return { ...state, position: event.position };
  return {
    ...state,
    ...headerOf(event.conversation, state),
    turns: event.turn ? withTurn(state.turns, event.turn) : state.turns,
    jobs: event.job ? withJob(state.jobs, event.job) : state.jobs,
    survey: event.survey ?? state.survey,
    position: event.position,
  };
}

function headerOf(fresh: Header | undefined, known: Header): Header {
  const { id, status, answered_by, agent_name, language, queue_position, expected_wait_seconds } = fresh ?? known;
  return { id, status, answered_by, agent_name, language, queue_position, expected_wait_seconds };
}

/** State + event = new state, for one conversation on the agent's screen. Hand-off packets are
 * not in events: `packetsAreStale` says when to fetch the view again. */
export function applyToView(view: AgentView, event: DeskEvent<Summary, AgentTurn>): AgentView {
  if (event.conversation_id !== view.id) return view;
  return {
    ...view,
    ...event.conversation,
    turns: event.turn ? withTurn(view.turns, event.turn) : view.turns,
    jobs: event.job ? withJob(view.jobs, event.job) : view.jobs,
    notes: event.note ? withNote(view.notes, event.note) : view.notes,
    surveys: event.survey ? withSurvey(view.surveys, event.survey) : view.surveys,
    position: event.position,
  };
}

/** Whether an event changed something of a view that the event itself does not carry. */
export function packetsAreStale(kind: string): boolean {
  return /^(conversation\.(handoff|handed_back|resolved|reopened)|person\.|promise\.|ticket\.)/.test(kind);
}

/** State + event = new state, for the agent's lists. Each conversation stands in exactly one:
 * waiting (who is next first), mine and others (latest word first); a resolved one in none. */
export function applyToQueue(queue: Queue, event: DeskEvent<Summary>, me: string): Queue {
  const summary = event.conversation;
  const without = (list: Summary[]) => list.filter((one) => one.id !== event.conversation_id);
  const next: Queue = {
    position: event.position,
    waiting: without(queue.waiting),
    mine: without(queue.mine),
    others: without(queue.others),
    mentioned: queue.mentioned,
    offers: event.offer ? withOffer(queue.offers, event.offer, me) : queue.offers,
    me: queue.me,
  };
  if (!summary || summary.status === "resolved") return next;
  if (summary.answered_by === "queue") next.waiting = [...next.waiting, summary].sort(byWait);
  else if (summary.answered_by === "agent" && summary.agent_id === me) next.mine = [...next.mine, summary].sort(byNews);
  else if (summary.last_turn) next.others = [...next.others, summary].sort(byNews).slice(0, 50);
  return next;
}

const waitingSince = (one: Summary) => Date.parse(one.handoff?.counts_from ?? one.created_at);
const latest = (one: Summary) => Date.parse(one.last_turn?.created_at ?? one.created_at);
const byWait = (a: Summary, b: Summary) => waitingSince(a) - waitingSince(b);
const byNews = (a: Summary, b: Summary) => latest(b) - latest(a);
