import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export type Option = echarts.EChartsCoreOption;
export type Chart = echarts.ECharts;

export const drawIn = (element: HTMLElement): Chart => echarts.init(element, null, { renderer: "svg" });

/** The page's present colours: charts cannot read custom properties by themselves. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"),
    quiet: of("--ink-3"),
    line: of("--line"),
    surface: of("--surface"),
    raised: of("--raised"),
    pine: of("--pine"),
    outcomes: {
      confirmed: of("--outcome-confirmed"),
      assumed: of("--outcome-assumed"),
      handed_off: of("--outcome-handed_off"),
      abandoned: of("--outcome-abandoned"),
      failed: of("--outcome-failed"),
    },
    font: of("--font"),
  };
}
