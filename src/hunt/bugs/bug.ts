import type { EngineParts, PartitionParts } from "../../engine/index.ts";
import type { Protocol } from "../../btree/index.ts";

/**
 * One entry of the bug bank: a small change to a right protocol, and the smallest scenario that
 * distinguishes the two.
 */
export interface Bug {
  /** As reports and the command line name it: `C1`. */
  readonly id: string;
  /** A decoy looks like a bug and is none: it must not be reported. */
  readonly kind: "bug" | "decoy";
  /** The right protocol that it changes. */
  readonly protocol: string;
  /** What is wrong, in half a line. */
  readonly title: string;
  /** Why it is wrong, or why it is not, and what follows. */
  readonly explanation: string;
  /** Which engine had it, or which book warns of it. */
  readonly provenance: string;
  /** The fewest preemptions that show it; null for a decoy. */
  readonly preemptions: number | null;
  /** The scenario, without its `protocol` and `bug` lines. */
  readonly scenario: string;
  /** Makes the changed protocol, or the right one where something else is changed. */
  readonly make: () => Protocol;
  /** The changed parts of the engine, for a bug of log or recovery; its scenario has a disk. */
  readonly parts?: () => Partial<EngineParts & PartitionParts>;
}
