/** Figures of a made-up fortnight. */
const NAMES = { day: null, intent: ["refund", "track_order", "change_address", "resend_invoice", "complaint"], channel: ["widget"], language: ["en", "zh"] };
const SHARES = [0.42, 0.17, 0.21, 0.15, 0.05];

function resolution(n, part) {
  const counts = SHARES.map((s) => Math.floor(s * n));
  counts[0] += n - counts.reduce((a, b) => a + b, 0);
  const [confirmed, assumed, handed_off, abandoned, failed] = counts;
  return { engaged: n, outcomes: { confirmed, assumed, handed_off, abandoned, failed }, provisional: Math.round(n * 0.2), resolution_rate: n ? (confirmed + assumed) / n : null, involvement_rate: n ? 0.97 : null, automation_rate: n ? (0.97 * (confirmed + assumed)) / n : null, eligible: Math.round(n / 0.97) };
}
function escalation(n) {
  const e = Math.round(n * 0.23);
  return { engaged: n, escalated: e, escalation_rate: n ? e / n : null, kinds: { requested: Math.round(e * 0.5), offered: Math.round(e * 0.25), system: Math.round(e * 0.15), takeover: e - Math.round(e * 0.5) - Math.round(e * 0.25) - Math.round(e * 0.15) }, reasons: { asked_for_a_person: Math.round(e * 0.5), not_understood: Math.round(e * 0.22), complaint: Math.round(e * 0.13), robot_gave_up: Math.round(e * 0.1), negative_sentiment: Math.round(e * 0.05) }, handoffs_requested: e, unserved_handoffs: Math.round(e * 0.08), unserved_handoff_rate: e ? 0.08 : null };
}
export function metric(name, query) {
  const since = query.get("since") ?? "2026-11-09", until = query.get("until") ?? "2026-11-23", by = query.get("group_by") ?? "day";
  const days = Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / 864e5));
  const keys = NAMES[by] ?? Array.from({ length: days }, (_, i) => new Date(Date.parse(since) + i * 864e5).toISOString().slice(0, 10));
  const of = name === "resolution" ? resolution : escalation;
  const sizes = keys.map((k, i) => (since < "2026-06-01" ? 0 : 20 + ((i * 37) % 41)));
  const total = of(sizes.reduce((a, b) => a + b, 0));
  if (query.get("since") === "2026-10-01" && name === "resolution") total.outcomes.failed += 3;
  return { metric: name, version: 1, formula: name === "resolution" ? "(confirmed + assumed) / engaged" : "conversations with at least one hand-off / engaged", since, until, time_zone: "Europe/Berlin", group_by: by, total, groups: since < "2026-06-01" ? [] : keys.map((key, i) => ({ key, ...of(sizes[i]) })) };
}
