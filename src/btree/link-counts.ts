/** What {@link LinkCounts} has counted. */
export interface LinkFigures {
  readonly movesRight: number;
  readonly movesLeft: number;
  readonly restarts: number;
  readonly splitsFinished: number;
  readonly pagesUnlinked: number;
}

/**
 * How often operations did not find what they came for where a pointer led, and what they did for
 * others, in trees whose splits are finished later. For figures only: nothing depends on them, and
 * so no access is declared.
 */
export class LinkCounts implements LinkFigures {
  /** Steps to the right sibling because a page was split, and the pointer to it is from before. */
  movesRight = 0;
  /** Steps from a dead page to the page that took over its keys. */
  movesLeft = 0;
  /** Descents begun anew from the root. */
  restarts = 0;
  /** Splits that an operation finished for another; in foster trees, adoptions. */
  splitsFinished = 0;
  /** Pages taken out of the chain of their level, after or by a merge. */
  pagesUnlinked = 0;

  /** What it has counted so far, as a value of its own. */
  figures(): LinkFigures {
    const { movesRight, movesLeft, restarts, splitsFinished, pagesUnlinked } = this;
    return { movesRight, movesLeft, restarts, splitsFinished, pagesUnlinked };
  }
}
