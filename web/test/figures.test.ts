import { expect, test } from "vitest";
import { csvOf } from "../dashboard/csv";
import {
  dayAfter,
  lastDays,
  sumsUp,
  windowIn,
  type EscalationGroup,
  type Figures,
  type ResolutionGroup,
} from "../dashboard/figures";
import { groupLabel, percent } from "../dashboard/format";
import { en } from "../dashboard/words/en";
import { conversationInPath } from "../console/route";

function aResolution(more: Partial<ResolutionGroup> = {}): ResolutionGroup {
  return {
    engaged: 10,
    outcomes: { confirmed: 4, assumed: 2, handed_off: 2, abandoned: 1, failed: 1 },
    provisional: 3,
    resolution_rate: 0.6,
    involvement_rate: 1,
    automation_rate: 0.6,
    eligible: 10,
    ...more,
  };
}

function anEscalation(more: Partial<EscalationGroup> = {}): EscalationGroup {
  return {
    engaged: 10,
    escalated: 2,
    escalation_rate: 0.2,
    kinds: { requested: 1, offered: 0, system: 1, takeover: 0 },
    reasons: { complaint: 2 },
    handoffs_requested: 2,
    handoffs_waiting: 0,
    unserved_handoffs: 0,
    unserved_handoff_rate: 0,
    ...more,
  };
}

function someFigures(key: string): Figures {
  const frame = { version: 1, formula: "", since: "", until: "", time_zone: "UTC", group_by: "intent" as const };
  return {
    resolution: { metric: "resolution", ...frame, total: aResolution(), groups: [{ key, ...aResolution() }] },
    escalation: { metric: "escalation", ...frame, total: anEscalation(), groups: [{ key, ...anEscalation() }] },
  };
}

test("a sum other than the cohort is noticed", () => {
  expect(sumsUp(aResolution())).toBe(true);
  expect(sumsUp(aResolution({ engaged: 11 }))).toBe(false);
});

test("the file holds what the page shows, a line per group and the total", () => {
  const [header, group, total, end] = csvOf(someFigures("refund")).split("\r\n");
  expect(header?.startsWith("intent,engaged,confirmed,assumed,handed_off,abandoned,failed")).toBe(true);
  expect(group?.startsWith("refund,10,4,2,2,1,1,3,0.6")).toBe(true);
  expect(total?.startsWith("total,10")).toBe(true);
  expect(end).toBe("");
});

test("no cell of the file is read as a formula", () => {
  expect(csvOf(someFigures('=HYPERLINK("x")'))).toContain(`"'=HYPERLINK(""x"")"`);
});

test("the last days end today and count today", () => {
  expect(lastDays(7, new Date(2026, 10, 22, 23, 59))).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  expect(dayAfter("2026-12-31")).toBe("2027-01-01");
});

test("an address that asks for nonsense gets the usual fortnight", () => {
  const now = new Date(2026, 10, 22);
  expect(windowIn("?from=2026-11-30&to=2026-11-01&by=shoe", now)).toEqual({ ...lastDays(14, now), by: "day" });
  expect(windowIn("?from=2026-11-01&to=2026-11-03&by=intent", now)).toEqual({
    from: "2026-11-01",
    to: "2026-11-03",
    by: "intent",
  });
});

test("nothing to divide by is a dash, not a zero", () => {
  expect(percent(null, "en")).toBe("–");
  expect(percent(0, "en")).toBe("0.0%");
});

test("days are labelled as the desk counts them, in any time zone of the reader", () => {
  expect(groupLabel("2026-11-01", "day", en, "en")).toBe("1 Nov");
  expect(groupLabel(null, "intent", en, "en")).toBe("Unknown");
});

test("only a conversation's own address opens it", () => {
  expect(conversationInPath("/console/c/0f8e-11")).toBe("0f8e-11");
  for (const path of ["/console", "/console/c/", "/console/c/a/b", "/console/c/<script>"])
    expect(conversationInPath(path)).toBeNull();
});
