import { useEffect, useRef } from "react";
import type { Language } from "../../shared/api/types";
import type { Scheme } from "../../shared/scheme";
import { OUTCOMES, rowsOf, type Figures, type Row } from "../figures";
import { count, groupLabel, percent } from "../format";
import { useWords } from "../words";
import type { Words } from "../words/en";
import { colours, drawIn, type Chart, type Option } from "./chart";

/** Outcomes per group as stacked bars; over days also the resolution rate as a line. */
export function Trend({ figures, scheme }: { figures: Figures; scheme: Scheme }) {
  const { words, language } = useWords();
  const by = figures.resolution.group_by;
  const rows = rowsOf(figures);
  const box = useRef<HTMLDivElement>(null);
  const isLying = by !== "day";

  useEffect(() => {
    if (!box.current) return;
    const chart = drawIn(box.current);
    const paint = () => chart.setOption(optionOf({ rows, figures, words, language }), true);
    paint();
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current);
    const recolour = new MutationObserver(paint);
    recolour.observe(document.documentElement, { attributeFilter: ["data-scheme"] });
    return () => leave(chart, resize, recolour);
  }, [figures, language, scheme]);

  return (
    <section aria-labelledby="trend-title">
      <h2 id="trend-title">{words.over[by]}</h2>
      <p className="offscreen">{words.chartHint}</p>
      <div
        ref={box}
        className="chart"
        aria-hidden="true"
        data-testid="chart"
        style={{ blockSize: isLying ? Math.max(140, rows.length * 44 + 56) : 400 }}
      />
    </section>
  );
}

function leave(chart: Chart, ...observers: { disconnect(): void }[]): void {
  for (const observer of observers) observer.disconnect();
  chart.dispose();
}

interface Drawn {
  rows: Row[];
  figures: Figures;
  words: Words;
  language: Language;
}

function optionOf(drawn: Drawn): Option {
  const colour = colours();
  const isLying = drawn.figures.resolution.group_by !== "day";
  const bars = OUTCOMES.map((one, at) => barOf(one, at, drawn, colour));
  const counts = countAxis(colour);
  const names = nameAxis(drawn, isLying, colour);
  const base = {
    textStyle: { fontFamily: colour.font },
    animationDuration: 300,
    tooltip: tooltipOf(drawn, colour),
  };
  if (isLying)
    return { ...base, grid: { left: 128, right: 16, top: 4, bottom: 28 }, xAxis: counts, yAxis: names, series: bars };
  // Days stand upright, with the rate in a strip of its own above them.
  return {
    ...base,
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: [
      { ...EDGE, top: 30, height: 76 },
      { ...EDGE, top: 156, bottom: 28 },
    ],
    xAxis: [
      { ...names, gridIndex: 0, axisLabel: { show: false } },
      { ...names, gridIndex: 1 },
    ],
    yAxis: [
      { ...rateAxis(drawn, colour), gridIndex: 0 },
      { ...counts, gridIndex: 1, ...titled(drawn.words.countAxis, colour) },
    ],
    series: [...bars.map((bar) => ({ ...bar, xAxisIndex: 1, yAxisIndex: 1 })), lineOf(drawn, colour)],
  };
}

type Colours = ReturnType<typeof colours>;
const EDGE = { left: 48, right: 12 };

function nameAxis({ rows, figures, words, language }: Drawn, isLying: boolean, colour: Colours) {
  return {
    type: "category",
    data: rows.map((row) => groupLabel(row.key, figures.resolution.group_by, words, language)),
    inverse: isLying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour.line } },
    axisLabel: { color: colour.quiet, hideOverlap: true, ...(isLying ? { width: 116, overflow: "truncate" } : {}) },
  };
}

function countAxis(colour: Colours) {
  return {
    type: "value",
    minInterval: 1,
    splitLine: { lineStyle: { color: colour.line } },
    axisLabel: { color: colour.quiet },
  };
}

function rateAxis({ words, language }: Drawn, colour: Colours) {
  return {
    ...countAxis(colour),
    min: 0,
    max: 1,
    interval: 0.5,
    axisLabel: { color: colour.quiet, formatter: (share: number) => percent(share, language, 0) },
    ...titled(words.rateAxis, colour),
  };
}

const titled = (name: string, colour: Colours) => ({
  name,
  nameTextStyle: { color: colour.quiet, align: "left", padding: [0, 0, 0, -40] },
});

function barOf(one: (typeof OUTCOMES)[number], at: number, { rows, words }: Drawn, colour: Colours) {
  return {
    type: "bar",
    name: words.outcomes[one],
    stack: "outcomes",
    barMaxWidth: 34,
    itemStyle: { color: colour.outcomes[one], borderColor: colour.surface, borderWidth: at === 0 ? 0 : 1 },
    emphasis: { focus: "series" },
    data: rows.map((row) => row.resolution.outcomes[one] ?? 0),
  };
}

function lineOf({ rows, words }: Drawn, colour: Colours) {
  return {
    type: "line",
    name: words.rate,
    connectNulls: false,
    symbol: "circle",
    symbolSize: 6,
    lineStyle: { color: colour.pine, width: 2 },
    itemStyle: { color: colour.pine },
    data: rows.map((row) => row.resolution.resolution_rate),
  };
}

function tooltipOf({ rows, figures, words, language }: Drawn, colour: Colours) {
  return {
    trigger: "axis",
    axisPointer: { type: "shadow", shadowStyle: { color: colour.line, opacity: 0.35 } },
    backgroundColor: colour.raised,
    borderColor: colour.line,
    textStyle: { color: colour.ink, fontSize: 13 },
    formatter: (at: unknown) => {
      const row = rows[(at as { dataIndex: number }[])[0]?.dataIndex ?? -1];
      return row ? tip(row, { rows, figures, words, language }) : "";
    },
  };
}

/** The tooltip as elements, so that a group's name is never read as markup. */
function tip(row: Row, { figures, words, language }: Drawn): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  const line = (name: string, value: string, tag: "b" | "span" = "span") => {
    const part = document.createElement("p");
    const label = document.createElement(tag);
    label.textContent = name;
    const figure = document.createElement("b");
    figure.textContent = value;
    part.append(label, figure);
    box.append(part);
  };
  line(groupLabel(row.key, figures.resolution.group_by, words, language), count(row.resolution.engaged, language), "b");
  for (const one of OUTCOMES) line(words.outcomes[one] ?? one, count(row.resolution.outcomes[one] ?? 0, language));
  line(words.rate, percent(row.resolution.resolution_rate, language));
  line(words.escalationRate, percent(row.escalation?.escalation_rate ?? null, language));
  return box;
}
