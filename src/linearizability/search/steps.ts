import type { ConfigSet } from "./config-set.ts";
import type { Footprints } from "./footprints.ts";

/** What {@link Steps.next} gives if the operation cannot happen. */
export const ILLEGAL = -1;

/** An object in the search's terms: states and operations are numbers from 0. */
export interface Steps {
  readonly initialState: number;
  /** True if an operation may have several next states. */
  readonly isBranching: boolean;
  /** The object as registers with footprints, which more reductions need; or null. */
  readonly footprints: Footprints | null;
  readonly bytes: number;
  /** The `branch`th state after `operation` in `state`, or ILLEGAL if there are not so many. */
  next(state: number, operation: number, branch: number): number;
  /** True if two operations do the same in every state from now on. */
  isSame(a: number, b: number): boolean;
  /** The state after a crash. */
  crash(state: number): number;
  /** True if it is worth while to collect. */
  readonly isDue: boolean;
  /** Forgets states that are in no configuration of `sets`; may rename the others. */
  collect(sets: readonly ConfigSet[]): void;
  /** Takes note that `operation` is over in every configuration. */
  retire(operation: number): void;
  /** Takes that back. */
  unretire(operation: number): void;
}
