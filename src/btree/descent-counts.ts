/**
 * What became of shorter ways to a leaf. For figures only: nothing depends on them, and so no
 * access is declared.
 */
export class DescentCounts {
  /** Operations that began at the leaf they remembered. */
  leafHits = 0;
  /** Operations that had to come down from the root after all. */
  leafMisses = 0;
}
