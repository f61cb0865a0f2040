import { KINDS, OUTCOMES, type Figures, type Row, rowsOf } from "./figures";

/** The table as a file: one line per group, then the total. Codes and numbers as the API gives
 * them, so that two exports can be compared whatever language the page had. */
export function csvOf(figures: Figures): string {
  const { resolution, escalation } = figures;
  const reasons = Object.keys(escalation.total.reasons);
  const header = [
    resolution.group_by,
    "engaged",
    ...OUTCOMES,
    "provisional",
    "resolution_rate",
    "involvement_rate",
    "automation_rate",
    "escalated",
    "escalation_rate",
    ...KINDS,
    ...reasons,
    "handoffs_requested",
    "unserved_handoffs",
    "unserved_handoff_rate",
  ];
  const total: Row = { key: "total", resolution: resolution.total, escalation: escalation.total };
  const lines = [header, ...[...rowsOf(figures), total].map((row) => cellsOf(row, reasons))];
  return lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cellsOf({ key, resolution, escalation }: Row, reasons: string[]): (string | number | null)[] {
  return [
    key,
    resolution.engaged,
    ...OUTCOMES.map((one) => resolution.outcomes[one] ?? 0),
    resolution.provisional,
    resolution.resolution_rate,
    resolution.involvement_rate,
    resolution.automation_rate,
    escalation?.escalated ?? null,
    escalation?.escalation_rate ?? null,
    ...KINDS.map((one) => escalation?.kinds[one] ?? 0),
    ...reasons.map((one) => escalation?.reasons[one] ?? 0),
    escalation?.handoffs_requested ?? null,
    escalation?.unserved_handoffs ?? null,
    escalation?.unserved_handoff_rate ?? null,
  ];
}

/** One cell, quoted where needed, and never read as a formula by a spreadsheet. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hand `text` to the browser as a file. The mark at its start makes spreadsheets read UTF-8. */
export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
