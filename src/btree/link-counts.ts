/**
 * How often operations that hold one latch at a time did not find what they came for, and what they
 * did for others. For figures only: nothing depends on them, and so no access is declared.
 */
export class LinkCounts {
  /** Steps to the right sibling because a page was split after a pointer to it was read. */
  movesRight = 0;
  /** Steps from a dead page to the page that took over its keys. */
  movesLeft = 0;
  /** Descents begun anew from the root. */
  restarts = 0;
  /** Splits of others that an operation finished. */
  splitsFinished = 0;
  /** Pages taken out of the chain of their level. */
  pagesUnlinked = 0;

  reset(): void {
    this.movesRight = 0;
    this.movesLeft = 0;
    this.restarts = 0;
    this.splitsFinished = 0;
    this.pagesUnlinked = 0;
  }
}
