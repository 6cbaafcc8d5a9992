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
import { C2 } from "./c2-reader-meets-freed-page.ts";
import { C3 } from "./c3-root-id-goes-stale.ts";
import { C4 } from "./c4-full-page-called-safe.ts";
import { C5 } from "./c5-merge-latches-left-while-holding.ts";
import { C6 } from "./c6-backward-scan-waits-left.ts";
import { C7 } from "./c7-backward-scan-trusts-left-link.ts";
import { C8 } from "./c8-forward-scan-lets-go-early.ts";
import { C11 } from "./c11-leaf-latch-upgraded.ts";
import { C12 } from "./c12-retry-remembers-its-pages.ts";
import { C14 } from "./c14-tree-latched-twice.ts";

export type { Bug };

/** Every bug and decoy, in the order of their ids. */
export const BUGS: readonly Bug[] = [C1, C2, C3, C4, C5, C6, C7, C8, C11, C12, C14];

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
