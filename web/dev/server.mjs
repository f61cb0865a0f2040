// A stand-in for the desk's HTTP API, with one conversation's worth of wit, for working on the
// pages alone: `node dev/server.mjs [port]`. The shop page stands on the next port.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { extname, join } from "node:path";
import { metric } from "./figures.mjs";

const port = Number(process.argv[2] ?? 8100);
const dist = new URL("../dist", import.meta.url).pathname;
const CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".svg": "image/svg+xml" };

const sessions = new Map();
const conversations = new Map();
const events = [];
const streams = new Set();
const staff = new Map();
const people = [
  { id: "a1", name: "Mia Chen", email: "mia@kaidesk.example", role: "agent", password: "demo-demo" },
  { id: "s1", name: "Jonas Weber", email: "jonas@kaidesk.example", role: "supervisor", password: "demo-demo" },
];
let position = 0;
let cutUntil = 0;
const now = () => new Date().toISOString();

const header = (c) => {
  const { id, status, answered_by, agent_name, language } = c;
  const line = [...conversations.values()].filter((o) => o.answered_by === "queue" && o.status === "open");
  return { id, status, answered_by, agent_name, language, queue_position: answered_by === "queue" ? line.indexOf(c) + 1 : null };
};
const summary = (c) => ({ ...header(c), customer_name: c.customer.name, topic: c.topic, sentiment: c.sentiment, created_at: c.created_at, agent_id: c.agent_id, handoff: c.handoffs.at(-1) ?? null, last_turn: c.turns.at(-1) ? (({ author, text, created_at }) => ({ author, text, created_at }))(c.turns.at(-1)) : null });
const turnOut = ({ intent, confidence, sentiment, language, ...t }) => ({ ...t, quick_replies: t.quick_replies.map((q, index) => ({ index, title: q.title })) });
const state = (c) => ({ ...header(c), turns: c.turns.map(turnOut), jobs: c.jobs, position });
const view = (c) => ({ ...summary(c), customer: c.customer, turns: c.turns.map((t) => ({ ...turnOut(t), intent: t.intent ?? null, confidence: t.confidence ?? null, language: c.language, sentiment: t.sentiment ?? null })), jobs: c.jobs, handoffs: c.handoffs, position });

function record(c, kind, more = {}) {
  position += 1;
  const event = { position, kind, conversation_id: c.id, created_at: now(), facts: {}, c, ...more };
  events.push(event);
  for (const s of streams) push(s, event);
}
function push(s, event) {
  const { c, turn, job, ...rest } = event;
  if (s.id && s.id !== c.id) return;
  const data = { ...rest, conversation: s.id ? header(c) : summary(c) };
  if (turn) data.turn = s.id ? turnOut(turn) : view(c).turns.find((t) => t.id === turn.id);
  if (job) data.job = job;
  s.response.write(`id: ${event.position}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`);
}
function typing(c, author) {
  for (const s of streams) if (!s.id || s.id === c.id) s.response.write(`event: typing\ndata: ${JSON.stringify({ conversation_id: c.id, author })}\n\n`);
}
function say(c, author, text, more = {}) {
  const turn = { id: randomUUID(), sequence: c.turns.length + 1, author, author_name: author === "agent" ? c.agent_name : null, text, created_at: now(), quick_replies: [], client_id: null, ...more };
  c.turns.push(turn);
  record(c, "turn.created", { turn });
  return turn;
}
export function begin(owner, language, name = null) {
  const c = { id: randomUUID(), owner, status: "open", answered_by: "bot", agent_name: null, agent_id: null, language, created_at: now(), topic: null, sentiment: null, turns: [], jobs: [], handoffs: [], customer: { name, email: name ? `${name.split(" ")[0].toLowerCase()}@example.com` : null, identity_level: name ? "verified" : "anonymous" } };
  conversations.set(c.id, c);
  record(c, "conversation.created");
  return c;
}
const W = {
  en: { ask: "Happy to help with a refund. What is your order number?", start: "Thank you. The refund for order {n} is with our back office now.", done: "Your refund of €49.90 has been filed. The number is RF-10001.", solved: "Did this solve it?", yes: "Yes", no: "No", bye: "Glad to hear it. Have a good day!", person: "I am fetching a person. They will see everything we wrote.", hello: "Hello! I can track orders, file refunds, change addresses and more. See https://shop.example/help for our policies.", back: "I'm back. What else can I do?", what: "I did not quite get that. Shall I fetch a person?", fetch: "Talk to a person", go: "No, let me try again" },
  zh: { ask: "好的，我来帮您退款。请告诉我订单号。", start: "谢谢。订单 {n} 的退款已提交后台处理。", done: "您的退款 €49.90 已提交，编号为 RF-10001。", solved: "问题解决了吗？", yes: "解决了", no: "没有", bye: "太好了，祝您愉快！", person: "正在为您转接人工客服，他们能看到我们的全部对话。", hello: "您好！我可以查询订单、办理退款、修改地址等。", back: "我回来了，还有什么可以帮您？", what: "抱歉，我没有完全理解。需要为您转接人工客服吗？", fetch: "转人工客服", go: "不用，我再试试" },
};
function answer(c, turn) {
  const w = W[c.language];
  const reply = (text, quick_replies = []) => say(c, "bot", text, { quick_replies });
  const t = turn.text.toLowerCase();
  const set = (intent, confidence, sentiment) => { Object.assign(turn, { intent, confidence, sentiment }); c.topic = intent; c.sentiment = sentiment; record(c, "turn.understood", { turn }); };
  setTimeout(() => {
    if (c.answered_by !== "bot") return;
    if (/person|human|人工/.test(t)) { set("speak_to_person", 0.98, -0.3); reply(w.person); return handoff(c, "requested", "asked_for_a_person"); }
    if (/refund|退款/.test(t)) { set("refund", 0.94, -0.1); return reply(w.ask); }
    const n = /\d{4,}/.exec(t)?.[0];
    if (n) { set("give_order_number", 0.99, 0); reply(w.start.replace("{n}", n)); return job(c, n); }
    if (t === w.yes.toLowerCase()) { set("affirm", 0.99, 0.6); reply(w.bye); c.status = "resolved"; return record(c, "conversation.resolved"); }
    if (/hello|hi\b|你好/.test(t)) { set("greet", 0.99, 0.2); return reply(w.hello); }
    set("nlu_fallback", 0.31, -0.2);
    reply(w.what, [{ title: w.fetch }, { title: w.go }]);
  }, 900);
}
function job(c, order) {
  const j = { id: randomUUID(), kind: "refund", status: "queued", code: null, reference: null, order_number: order, expected_seconds: 8, created_at: now(), settled_at: null };
  c.jobs.push(j);
  record(c, "job.queued", { job: { ...j } });
  setTimeout(() => { j.status = "working"; record(c, "job.started", { job: { ...j } }); }, 1500);
  setTimeout(() => {
    Object.assign(j, { status: "done", code: "REFUND_FILED", reference: "RF-10001", settled_at: now() });
    record(c, "job.succeeded", { job: { ...j } });
    const w = W[c.language];
    say(c, "bot", w.done);
    say(c, "bot", w.solved, { quick_replies: [{ title: w.yes }, { title: w.no }] });
  }, 5000);
}
export function handoff(c, kind, reason) {
  c.answered_by = "queue";
  c.handoffs.push({ id: randomUUID(), kind, reason, created_at: now(), accepted_at: null, closed_at: null, packet: { goal: c.topic === "speak_to_person" ? "refund" : c.topic, slots: { order_number: "10023", reason: "arrived damaged" }, tried: ["asked for the order number", "refund robot: outside the 30 days"], identity_level: c.customer.identity_level, sentiment_trend: [0.1, -0.2, -0.5], open_jobs: c.jobs.filter((j) => !j.settled_at).map((j) => j.kind), missing: ["photo of the damage"] } });
  record(c, "conversation.handoff_requested");
}

const problem = (response, status, code, detail, extra = {}) => response.writeHead(status, { "Content-Type": "application/problem+json", ...extra }).end(JSON.stringify({ type: "about:blank", title: code, status, detail, code }));
const json = (response, status, body, extra = {}) => response.writeHead(status, { "Content-Type": "application/json", ...extra }).end(body === undefined ? "" : JSON.stringify(body));
async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}
function stream(request, response, id) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  const s = { id, response };
  const from = Number(request.headers["last-event-id"] ?? 0);
  for (const event of events) if (event.position > from) push(s, event);
  streams.add(s);
  const beat = setInterval(() => response.write(": beat\n\n"), 15000);
  request.on("close", () => { streams.delete(s); clearInterval(beat); });
}

async function api(request, response, url) {
  const path = url.pathname;
  const is = (method, pattern) => request.method === method && path.match(pattern);
  let m;
  if (is("POST", /^\/api\/v1\/sessions$/)) {
    const token = randomUUID();
    const { language = "en" } = await bodyOf(request);
    sessions.set(token, { language });
    return json(response, 201, { token, expires_at: new Date(Date.now() + 864e5).toISOString() });
  }
  if (is("POST", /sign-in$/)) {
    const { email, password } = await bodyOf(request);
    const person = people.find((p) => p.email === email && p.password === password);
    if (!person) return problem(response, 401, "wrong_credentials", "E-mail or password is wrong.");
    const key = randomUUID();
    staff.set(key, { ...person, csrf_token: randomUUID(), password: undefined });
    return json(response, 200, staff.get(key), { "Set-Cookie": `desk_session=${key}; HttpOnly; SameSite=Strict; Path=/` });
  }
  const me = staff.get(/desk_session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1]);
  if (is("GET", /\/me$/)) return me ? json(response, 200, me) : problem(response, 401, "signed_out", "");
  if (is("POST", /sign-out$/)) { staff.clear(); return json(response, 204); }
  if ((m = path.match(/^\/api\/v1\/(desk|metrics)\//))) {
    if (!me) return problem(response, 401, "signed_out", "");
    if (request.method === "POST" && request.headers["x-csrf-token"] !== me.csrf_token) return problem(response, 403, "csrf", "");
    if (m[1] === "metrics") return me.role === "supervisor" ? json(response, 200, metric(path.split("/").pop(), url.searchParams)) : problem(response, 403, "not_allowed", "");
    return desk(request, response, path, me, is);
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const session = sessions.get(token);
  if (!session) return problem(response, 401, "signed_out", "");
  if (is("PUT", /identity$/)) return json(response, 200, { name: "Ada", email: "ada@example.com" });
  if (is("POST", /conversations$/)) {
    const { client_id } = await bodyOf(request);
    const known = [...conversations.values()].find((c) => c.client_id === client_id);
    const c = known ?? Object.assign(begin(token, session.language), { client_id });
    return json(response, 201, state(c));
  }
  m = path.match(/conversations\/([\w-]+)(?:\/(\w+))?$/);
  const c = m && conversations.get(m[1]);
  if (!c || c.owner !== token) return problem(response, 404, "not_found", "");
  if (m[2] === "stream") return stream(request, response, c.id);
  if (m[2] === "typing") { typing(c, "customer"); return json(response, 204); }
  if (m[2] === "turns") {
    const { client_id, text } = await bodyOf(request);
    if ([...text].length > 2000) return problem(response, 413, "too_long", "");
    const known = c.turns.find((t) => t.client_id === client_id);
    if (known) return json(response, 202, turnOut(known));
    if (c.status === "resolved") { c.status = "open"; c.answered_by = "bot"; record(c, "conversation.reopened"); }
    const turn = say(c, "customer", text, { client_id });
    answer(c, turn);
    return json(response, 202, turnOut(turn));
  }
  return json(response, 200, state(c));
}
async function desk(request, response, path, me, is) {
  const open = [...conversations.values()].filter((c) => c.status === "open").map(summary);
  const mine = (c) => c.answered_by === "agent" && c.agent_id === me.id;
  if (path.endsWith("/queue")) return json(response, 200, { position, waiting: open.filter((c) => c.answered_by === "queue"), mine: open.filter(mine), others: open.filter((c) => c.answered_by !== "queue" && !mine(c)).reverse() });
  if (path.endsWith("/desk/stream")) return stream(request, response, null);
  const m = path.match(/conversations\/([\w-]+)(?:\/([\w-]+))?$/);
  const c = m && conversations.get(m[1]);
  if (!c) return problem(response, 404, "not_found", "");
  const body = request.method === "POST" ? await bodyOf(request) : {};
  if (m[2] === "take") {
    if (c.answered_by === "agent" && c.agent_id !== me.id) return problem(response, 409, "taken", "");
    if (c.answered_by === "bot") handoff(c, "takeover", "agent_stepped_in");
    Object.assign(c, { answered_by: "agent", agent_name: me.name, agent_id: me.id });
    Object.assign(c.handoffs.at(-1), { accepted_at: now() });
    record(c, "conversation.handoff_accepted");
  }
  if (m[2] === "turns") {
    const known = c.turns.find((t) => t.client_id === body.client_id);
    const said = known ?? say(c, "agent", body.text, { client_id: body.client_id });
    return json(response, 202, view(c).turns.find((t) => t.id === said.id));
  }
  if (m[2] === "typing") { typing(c, "agent"); return json(response, 204); }
  if (m[2] === "hand-back" || m[2] === "resolve") {
    Object.assign(c, { answered_by: "bot", agent_name: null, agent_id: null });
    if (c.handoffs.at(-1)) c.handoffs.at(-1).closed_at = now();
    if (m[2] === "resolve") c.status = "resolved";
    record(c, m[2] === "resolve" ? "conversation.resolved" : "conversation.handed_back");
    if (m[2] === "hand-back") say(c, "bot", W[c.language].back);
  }
  return json(response, 200, view(c));
}
async function page(response, path) {
  const file = path.startsWith("/console") ? "console/index.html" : path.startsWith("/dashboard") ? "dashboard/index.html" : path === "/widget/frame" ? "widget/index.html" : path === "/widget/sdk.js" ? "sdk.js" : path;
  try {
    const body = await readFile(join(dist, file));
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "text/plain", "Content-Security-Policy": CSP, "Cache-Control": "no-cache" }).end(body);
  } catch {
    problem(response, 404, "not_found", "");
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://desk");
  try {
    if (url.pathname === "/dev/cut") { cutUntil = Date.now() + Number(url.searchParams.get("s") ?? 10) * 1000; for (const s of streams) s.response.destroy(); return json(response, 204); }
    if (url.pathname === "/dev/seed") { (await import("./seed.mjs")).seed(begin, say, handoff, record, job); return json(response, 204); }
    if (Date.now() < cutUntil) return request.socket.destroy();
    if (url.pathname.startsWith("/api/")) return await api(request, response, url);
    await page(response, url.pathname);
  } catch (failed) {
    console.error(failed);
    if (!response.headersSent) problem(response, 500, "broken", "");
  }
}).listen(port, "127.0.0.1", () => console.log(`desk on http://127.0.0.1:${port}, shop on http://127.0.0.1:${port + 1}`));

createServer(async (request, response) => {
  const query = new URL(request.url, "http://shop").searchParams;
  const settings = JSON.stringify(Object.fromEntries(query));
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(`<!doctype html><html lang="${query.get("locale") ?? "en"}"><meta name=viewport content="width=device-width"><title>Shop</title>
<body style="font:16px/1.6 sans-serif;margin:40px;background:#faf7f2;color:#333"><h1>Lumen &amp; Loom</h1><p>Lamps and linen.</p><button id=b onclick="this.textContent='clicked'">Buy</button>
<script>window.deskSettings = ${settings};
(function (w, d) {
  var q = w.$desk = w.$desk || function () { (q.q = q.q || []).push(arguments); };
  var s = d.createElement("script"); s.async = 1; s.src = "http://127.0.0.1:${port}/widget/sdk.js";
  s.onload = function () { w.deskSDK.run({ websiteToken: "demo", baseUrl: "http://127.0.0.1:${port}" }); };
  d.head.appendChild(s);
})(window, document);
window.seen = []; for (const n of ["ready","error","opened","closed","message","unread","handoff-requested","handoff-accepted","job-updated","resolved"]) addEventListener("desk:" + n, e => seen.push([n, e.detail]));
</script></body></html>`);
}).listen(port + 1, "127.0.0.1");
