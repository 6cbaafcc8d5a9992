/** The weight of the newest flush in the average. */
const NEWEST = 0.25;

/** Measures flushes and writers, for the policy to go by. Times come from the host's clock. */
export class CommitMeter {
  /** Writers in flight. */
  writers = 0;
  flushMs = 0;
  recentBatch = 0;
  flushes = 0;
  largestBatch = 0;

  /** A flush that took so long has served so many tasks. */
  flushed(ms: number, batch: number): void {
    this.flushMs = this.flushes === 0 ? ms : this.flushMs + NEWEST * (ms - this.flushMs);
    this.recentBatch = Math.max(batch, this.recentBatch / 2);
    this.largestBatch = Math.max(this.largestBatch, batch);
    this.flushes++;
  }
}
