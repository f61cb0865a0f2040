/** Contrast arithmetic for the site's own brand colour (WCAG 2.2, relative luminance). */

type Rgb = readonly [number, number, number];

export function parseHex(hex: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  const parts = short ? short.slice(1).map((digit) => digit + digit) : long?.slice(1);
  if (!parts) return null;
  const [r, g, b] = parts.map((part) => Number.parseInt(part, 16));
  return [r ?? 0, g ?? 0, b ?? 0];
}

const toHex = (rgb: Rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance([r, g, b]: Rgb): number {
  const [lr, lg, lb] = [r, g, b].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb;
}

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [16, 24, 22];

/** The text colour that reads better on `brand`: at least 4.5:1 for every colour there is. */
export function textOn(brand: string): string {
  const rgb = parseHex(brand) ?? INK;
  if (contrast(rgb, WHITE) >= 4.5) return "#ffffff";
  return contrast(rgb, INK) >= 4.5 ? toHex(INK) : "#000000";
}

/** `brand` moved towards black or white until it reads at 4.5:1 as text on `surface`. */
export function readableOn(brand: string, surface: string): string {
  const ground = parseHex(surface) ?? WHITE;
  const start = parseHex(brand) ?? INK;
  const goal: Rgb = luminance(ground) > 0.4 ? [0, 0, 0] : WHITE;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = start.map((part, at) => Math.round(part + ((goal[at] ?? 0) - part) * (step / 20))) as unknown as Rgb;
    if (contrast(mixed, ground) >= 4.5) return toHex(mixed);
  }
  return toHex(goal);
}
