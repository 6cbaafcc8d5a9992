/**
 * What became of shorter ways to a leaf. For figures only: nothing depends on them, and so no
 * access is declared.
 */
export class DescentCounts {
  /** Operations that began at the leaf they remembered. */
  leafHits = 0;
  /** Operations that had to come down from the root after all. */
  leafMisses = 0;
  /** Descents to split or merge, with the tree held in SX. */
  structureChanges = 0;
  /** Of those: the ones that were seen to change the root perhaps, and so took the tree in X. */
  rootChanges = 0;
  /** Of those: the ones that would have reached further than was predicted, and took it in X. */
  mispredictions = 0;
}
