/**
 * What things cost on the simulated cores, in whole nanoseconds; docs/comparison.md argues for each
 * figure, and varies it. Only sums and the greater of two whole numbers are made of them, so that
 * every machine gets the same.
 */
export interface CostModel {
  /** To take a latch whose word is in the core's own cache: one atomic instruction. */
  readonly takeNs: number;
  /** To give one back. */
  readonly giveNs: number;
  /** To bring a cache line over that another core has written, or to take it from its readers. */
  readonly transferNs: number;
  /** To search a page that was come to, on average: from half of it to one and a half times it. */
  readonly visitNs: number;
  /** To change a page. */
  readonly changeNs: number;
  /** To append a group of changes to the log, in memory. */
  readonly appendNs: number;
  /** To hand a row of a scan over. */
  readonly rowNs: number;
  /** To go on after a wait, in which the core may have worked for another client. */
  readonly wakeNs: number;
  /** To sync the log; null: nobody waits for the log. */
  readonly syncNs: number | null;
  /** To read a page that is not in the pool; the core is free meanwhile. */
  readonly readNs: number;
}

/** A server of some years, all cores on one chip. */
export const DEFAULT_COSTS: CostModel = {
  takeNs: 10,
  giveNs: 5,
  transferNs: 60,
  visitNs: 150,
  changeNs: 200,
  appendNs: 100,
  rowNs: 10,
  wakeNs: 200,
  syncNs: null,
  readNs: 100_000,
};

/** The sync of the roadmap's fast disk. */
export const SYNC_NS = 150_000;
