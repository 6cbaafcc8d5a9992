/** How much of a number of minutes counts as warming up: caches fill, code is compiled. */
const WARM_UP_SHARE = 1 / 3;

/** A straight line through points `[x, y]`, by least squares; null through fewer than three. */
export function lineThrough(points) {
  const count = points.length;
  if (count < 3) return null;
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / count;
  const [x0, y0] = [mean(([x]) => x), mean(([, y]) => y)];
  const xx = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  const xy = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  const slope = xy / xx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - y0 - slope * (x - x0)) ** 2, 0);
  return { slope, mean: y0, error: Math.sqrt(rest / (count - 2) / xx) };
}

/**
 * The trend of memory after the warm-up.
 *
 * @param samples Pairs of seconds and bytes, from the beginning on.
 * @returns MB, MB an hour with its standard error, and by which share of itself the line rises over the
 *   time that is looked at; null for too few samples.
 */
export function memoryTrend(samples) {
  const last = samples.at(-1)?.[0] ?? 0;
  const first = last * WARM_UP_SHARE;
  const line = lineThrough(samples.filter(([seconds]) => seconds >= first));
  if (line === null) return null;
  const [mb, hour] = [2 ** 20, 3600];
  return {
    meanMb: line.mean / mb,
    mbAnHour: (line.slope * hour) / mb,
    errorMbAnHour: (line.error * hour) / mb,
    growth: (line.slope * (last - first)) / line.mean,
  };
}
