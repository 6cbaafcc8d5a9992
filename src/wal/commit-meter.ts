/** The weight of the newest sample in an average. */
const NEWEST = 0.25;

/** An average with one sample more, of which so much counts as is not exceptional. */
function averageWith(average: number, sample: number): number {
  if (average === 0) return sample;
  return average + NEWEST * (Math.min(sample, 2 * average) - average);
}

/** Measures flushes and writers, for the policy to go by. Times come from the host's clock. */
export class CommitMeter {
  /** Writers in flight. */
  writers = 0;
  flushMs = 0;
  recentWriters = 0;
  arrivalMs = 0;
  flushes = 0;
  largestBatch = 0;

  /** A flush that took so long has served so many tasks. */
  flushed(ms: number, batch: number): void {
    this.flushMs = averageWith(this.flushMs, ms);
    this.recentWriters = Math.max(this.writers, batch, this.recentWriters / 2);
    this.largestBatch = Math.max(this.largestBatch, batch);
    this.flushes++;
  }

  /** Gathering for so long has brought so many tasks more. */
  gathered(ms: number, arrivals: number): void {
    if (arrivals <= 0) return;
    this.arrivalMs = averageWith(this.arrivalMs, ms / arrivals);
  }

  /** While a flush ran for so long, so many have come to wait: all that could. */
  allCame(ms: number, arrivals: number): void {
    if (arrivals > 0) this.arrivalMs = Math.min(this.arrivalMs, ms / arrivals);
  }
}
