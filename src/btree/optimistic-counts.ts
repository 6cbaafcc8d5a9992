/**
 * How often operations that read pages without a latch met others that changed them. For figures
 * only: nothing depends on them, and so no access is declared.
 */
export class OptimisticCounts {
  /** Attempts that were given up, whatever the reason. */
  restarts = 0;
  /** Of those, the ones given up as a latch that was only tried was refused. */
  refusals = 0;
  /** How often attempts enough were given up, so that it was done by latches. */
  byLatches = 0;

  /** What it has counted so far, as a value of its own. */
  figures(): Readonly<Record<string, number>> {
    const { restarts, refusals, byLatches } = this;
    return { restarts, refusals, byLatches };
  }
}
