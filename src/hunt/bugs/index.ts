/**
 * The bug bank: concurrency bugs that engines really had, each planted in a right protocol.
 *
 * They are the simulator's own test. Every bug must be found, shrunk to a story no longer than it
 * needs to be, and every decoy must be left alone. One file each; docs/add-a-protocol.md says how
 * to add one.
 *
 * Invariants:
 * 1. A bug is a small override of a right protocol, and nothing else differs.
 * 2. The right protocol on the same scenario is clean.
 * 3. No detector knows of any of them.
 *
 * Left out: bugs of the log, of B-link and of optimistic lock coupling, which come with those.
 */
import { LatchworkError } from "../../task/index.ts";
import type { Bug } from "./bug.ts";
import { C1 } from "./c1-reader-lets-go-early.ts";

export type { Bug };

/** Every bug and decoy, in the order of their ids. */
export const BUGS: readonly Bug[] = [C1];

/**
 * Finds a bug or decoy by id.
 *
 * @throws LatchworkError UNKNOWN_NAME, listing the ids there are.
 */
export function bugNamed(id: string): Bug {
  const found = BUGS.find((bug) => bug.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const known = BUGS.map((bug) => bug.id).join(", ");
  throw new LatchworkError("UNKNOWN_NAME", `no bug ${JSON.stringify(id)}; there are ${known}`);
}
