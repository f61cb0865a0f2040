/** Seconds to wait before the next try: doubling from `first` up to `most`, with full jitter
 * in the upper half, so that screens cut off together do not come back together. */
export function backoffSeconds(
  failures: number,
  { first = 0.5, most = 20, random = Math.random }: { first?: number; most?: number; random?: () => number } = {},
): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return ceiling / 2 + (random() * ceiling) / 2;
}
