/**
 * The judges of a run: whether its answers, and what the tree holds afterwards, can be right.
 *
 * The order in which operations returned explains nearly every right run and is checked in linear
 * time; what it does not explain, the search of the room linearizability decides. On a disk the
 * judge also asks that what was acknowledged is there after a crash, and that what was cut off is
 * there as a whole or not at all.
 *
 * Invariants:
 * 1. A run is judged by what its operations answered and by what can be read at its end, never by
 *    how the protocol works.
 * 2. What is kept of a run is refilled in place for the next one.
 * 3. An operation that failed may have taken effect, and its caller does not know.
 *
 * Left out: why an answer is wrong; the verdict names the key and the operations.
 */
export { CrashOracle } from "./crash-oracle.ts";
export { KnownEnds } from "./known-ends.ts";
export { Oracle } from "./oracle.ts";
export { describeOutcome } from "./outcomes.ts";
export { type Entries, entriesOf, readContents } from "./read-contents.ts";
export { History, type OperationRecord, OWN_VALUE_FIRST } from "./run-history.ts";
