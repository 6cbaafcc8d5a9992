/**
 * The reductions of the search. Each only leaves out configurations that cannot matter, so the
 * verdict is the same with it and without it; switches exist to test and to measure that.
 *
 * A configuration is (M, s): M the open operations that have been linearized, s the state.
 */
export interface Reductions {
  /**
   * An open observer is linearized the moment it is legal. Sound: it changes no state, so every
   * continuation of (M, s) that linearizes it later is one of (M + o, s) with it taken out.
   */
  readonly eagerObservers: boolean;
  /**
   * Of two open operations that do the same, the one that must return first goes first. Sound: in
   * a continuation that takes j now and i later, i and j can change places, since i may not stay
   * open longer than j. If i may be left out for ever, j must be one that may be, too.
   */
  readonly identicalOperations: boolean;
  /**
   * A blind write linearized now hides every open required blind write whose value no operation
   * that has yet to return asks for: they are linearized just before it. Sound while no such
   * operation asks only for "not x": a dead value later could only be overwritten, or be the last.
   */
  readonly deadWrites: boolean;
  /**
   * An operation that need not happen is tried only if an open one then acts differently. Sound:
   * if the next operation leaves the same state whether it happened or not, let it not happen. The
   * last chance before a crash is exempt, because its observers come after the crash.
   */
  readonly pendingOperations: boolean;
  /**
   * Of two configurations that differ only in operations that need not happen, one that has used
   * fewer of them replaces one that has used more. Sound: whatever the second can still do, the
   * first can do too.
   */
  readonly unusedPending: boolean;
  /**
   * A state is not left while an operation still has to find it and no operation is left that could
   * make it again. Sound: such a configuration has no continuation that reaches the end.
   */
  readonly lostValues: boolean;
  /**
   * Nothing is tried from a configuration in which the operation that must return asks for a value
   * that is not there, and no open operation can make. Sound: whatever happened before its return
   * is open, so nothing can bring the value in time.
   */
  readonly unreachableAnswers: boolean;
  /**
   * Values that no operation which has yet to return asks for are one value. Sound: no operation
   * distinguishes them; they make more operations identical and more configurations equal.
   */
  readonly deadValues: boolean;
  /**
   * Before an operation must return, only operations on its keys are linearized, keys being tied
   * together by open scans. Sound: others commute with it and are still open afterwards.
   */
  readonly unrelatedKeys: boolean;
  /**
   * The search ends where an operation returns that found a value which cannot have been there any
   * more, or not yet. Sound: see firstStaleRead, which looks at times only.
   */
  readonly staleReads: boolean;
  /**
   * A register in which each value is made once, and none is the first one, is decided by the times
   * at which values came and were found, in O(events log events). Sound: see Zones, which proves it
   * both ways; an order that it finds is also checked step by step.
   */
  readonly uniqueValues: boolean;
  /**
   * Not a reduction but an order: a narrow frontier is tried before the full one. What it finds is
   * an order like any other; if it empties after something was dropped, that says nothing, and the
   * search goes back and on with a wider one, in the end with all.
   */
  readonly narrowFirst: boolean;
}

/** All reductions on. */
export const ALL_REDUCTIONS: Reductions = {
  eagerObservers: true,
  identicalOperations: true,
  deadWrites: true,
  pendingOperations: true,
  unusedPending: true,
  lostValues: true,
  unreachableAnswers: true,
  deadValues: true,
  unrelatedKeys: true,
  staleReads: true,
  uniqueValues: true,
  narrowFirst: true,
};
