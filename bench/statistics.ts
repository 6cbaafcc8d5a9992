/** The middle of some samples, and how far apart their middle half lies. */
export interface Summary {
  readonly median: number;
  /** The interquartile range, in the samples' own unit. */
  readonly spread: number;
}

/** Sums samples up. Requires: at least one sample, all finite. */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error("summary: expected at least one sample, found none");
  const unusable = samples.find((sample) => !Number.isFinite(sample));
  if (unusable !== undefined) {
    throw new Error(`summary: expected finite samples, found ${unusable}`);
  }
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    spread: quantile(sorted, 0.75) - quantile(sorted, 0.25),
  };
}

/** Interpolates linearly between the two nearest ranks, as R's type 7 and NumPy do. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}
