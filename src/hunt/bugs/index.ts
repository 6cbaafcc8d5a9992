/**
 * The bug bank: concurrency bugs that engines really had, each planted in a right protocol.
 *
 * They are the simulator's own test. Every bug must be found, shrunk to a story no longer than it
 * needs to be, and no decoy may be reported. One file each; docs/add-a-protocol.md says how to add
 * one.
 *
 * Invariants:
 * 1. A bug is a small override of a right protocol, and nothing else differs.
 * 2. The right protocol on the same scenario is clean.
 * 3. No detector knows of any of them.
 *
 * `W` bugs are of the log and of recovery: they change a part of the engine under a right protocol,
 * and their scenarios have a disk that crashes. `P` bugs are of partitions likewise.
 *
 * `A` bugs are of batched writes; their scenarios have a disk too.
 *
 * `H` bugs are of remembered leaves, which are hints, and `S` bugs of the tree's latch in SX.
 *
 * `E` bugs are from the public record of engines, each with its commit or issue.
 *
 * `F` bugs are of foster trees, `O` bugs of optimistic lock coupling.
 */
import { LatchworkError } from "../../task/index.ts";
import { A1 } from "./a1-answers-in-another-order.ts";
import { A2 } from "./a2-only-the-leader-hears.ts";
import { A3 } from "./a3-over-when-taken.ts";
import { A4 } from "./a4-run-past-the-fence.ts";
import { A5 } from "./a5-last-write-answers-for-all.ts";
import { A6 } from "./a6-lead-is-not-handed-on.ts";
import { A7 } from "./a7-leader-waits-for-its-own.ts";
import type { Bug } from "./bug.ts";
import { B1 } from "./b1-root-not-moved-right.ts";
import { B3 } from "./b3-backward-scan-trusts-left-link.ts";
import { B4 } from "./b4-backward-scan-couples-left.ts";
import { B6 } from "./b6-root-split-twice.ts";
import { B8 } from "./b8-remembered-parent-trusted.ts";
import { B10 } from "./b10-unlink-latches-the-dead-first.ts";
import { B11 } from "./b11-unlink-trusts-its-left.ts";
import { B12 } from "./b12-dead-page-used-at-once.ts";
import { B14 } from "./b14-backward-scan-waits-for-the-dead.ts";
import { B20 } from "./b20-dead-page-passed-on-the-right.ts";
import { B21 } from "./b21-left-link-of-the-dead-changed.ts";
import { B22 } from "./b22-child-released-before-ascending.ts";
import { C1 } from "./c1-reader-releases-early.ts";
import { C2 } from "./c2-reader-meets-freed-page.ts";
import { C3 } from "./c3-root-id-goes-stale.ts";
import { C4 } from "./c4-full-page-called-safe.ts";
import { C5 } from "./c5-merge-latches-left-while-holding.ts";
import { C6 } from "./c6-backward-scan-waits-left.ts";
import { C7 } from "./c7-backward-scan-trusts-left-link.ts";
import { C8 } from "./c8-forward-scan-releases-early.ts";
import { C11 } from "./c11-leaf-latch-upgraded.ts";
import { C12 } from "./c12-retry-remembers-its-pages.ts";
import { C14 } from "./c14-tree-latched-twice.ts";
import { D1 } from "./d1-neighbour-never-relinked.ts";
import { D2 } from "./d2-neighbour-relinked-late.ts";
import { D3 } from "./d3-collapse-latches-meta-last.ts";
import { D4 } from "./d4-insert-looks-then-leaps.ts";
import { D5 } from "./d5-second-attempt-trusts-the-first.ts";
import { D6 } from "./d6-root-leaf-latched-anew.ts";
import { D7 } from "./d7-miss-keeps-its-latch.ts";
import { D8 } from "./d8-refusal-ignored.ts";
import { D9 } from "./d9-backward-scan-spins.ts";
import { D10 } from "./d10-freed-before-forgotten.ts";
import { D11 } from "./d11-backward-scan-forgets-its-place.ts";
import { D12 } from "./d12-leaf-dropped-unseen.ts";
import { D13 } from "./d13-scan-in-batches.ts";
import { D14 } from "./d14-checks-again-only-once.ts";
import { H1 } from "./h1-remembered-page-was-freed.ts";
import { H2 } from "./h2-fences-compared-too-early.ts";
import { F1 } from "./f1-foster-parent-released-early.ts";
import { F2 } from "./f2-adopted-unseen.ts";
import { F3 } from "./f3-adoption-goes-up.ts";
import { F4 } from "./f4-merge-looks-left-only.ts";
import { F5 } from "./f5-mark-not-looked-for.ts";
import { F6 } from "./f6-adoption-upgrades.ts";
import { F7 } from "./f7-left-link-followed.ts";
import { E1 } from "./e1-released-before-it-is-split.ts";
import { E2 } from "./e2-scan-comes-back-to-its-leaf.ts";
import { E3 } from "./e3-merged-across-parents.ts";
import { E4 } from "./e4-leaf-taken-as-it-was.ts";
import { E5 } from "./e5-merged-over-a-split.ts";
import { E6 } from "./e6-merge-decided-too-early.ts";
import { K1 } from "./k1-meta-kept-longer.ts";
import { K2 } from "./k2-stricter-than-safe.ts";
import { K3 } from "./k3-forward-scan-tries-first.ts";
import { K4 } from "./k4-always-a-second-attempt.ts";
import { K5 } from "./k5-backward-scan-starts-over.ts";
import { K6 } from "./k6-lone-children-allowed.ts";
import { K7 } from "./k7-freed-before-unlinked.ts";
import { K20 } from "./k20-synced-twice.ts";
import { K21 } from "./k21-whole-log-flushed-first.ts";
import { K22 } from "./k22-always-an-image.ts";
import { K23 } from "./k23-redo-begins-with-the-image.ts";
import { K24 } from "./k24-waits-for-the-whole-log.ts";
import { K30 } from "./k30-wakes-the-whole-queue.ts";
import { K31 } from "./k31-woken-before-let-in.ts";
import { K40 } from "./k40-every-log-flushed.ts";
import { K41 } from "./k41-row-by-row.ts";
import { K90 } from "./k90-inner-page-looked-at-once.ts";
import { K91 } from "./k91-freed-page-not-marked.ts";
import { K92 } from "./k92-used-anew-by-version.ts";
import { K93 } from "./k93-version-anew-after-all-have-left.ts";
import { O1 } from "./o1-leaf-not-looked-at-again.ts";
import { O3 } from "./o3-root-not-checked-again.ts";
import { O4 } from "./o4-released-with-the-old-version.ts";
import { O6 } from "./o6-version-begins-anew.ts";
import { O7 } from "./o7-used-anew-under-a-reader.ts";
import { P1 } from "./p1-decided-before-prepared.ts";
import { P2 } from "./p2-undecided-share-made.ts";
import { P3 } from "./p3-merge-stops-at-the-limit.ts";
import { P4 } from "./p4-merge-reads-the-border-twice.ts";
import { P5 } from "./p5-another-hash.ts";
import { P6 } from "./p6-checkpoint-forgets-the-prepared.ts";
import { P7 } from "./p7-backward-merge-out-of-order.ts";
import { P8 } from "./p8-decision-removed-early.ts";
import { K62 } from "./k62-child-released-and-looked-at.ts";
import { K61 } from "./k61-scan-goes-on-in-a-dead-page.ts";
import { K80 } from "./k80-short-sighted-prediction.ts";
import { K81 } from "./k81-tree-left-at-the-root.ts";
import { K60 } from "./k60-reader-couples-to-the-right.ts";
import { K70 } from "./k70-scan-by-right-link.ts";
import { K71 } from "./k71-adopts-twice.ts";
import { K50 } from "./k50-batch-in-another-order.ts";
import { K51 } from "./k51-one-write-a-run.ts";
import { S1 } from "./s1-misprediction-climbs.ts";
import { S2 } from "./s2-restart-holds-the-tree.ts";
import { S3 } from "./s3-predicted-beside-another.ts";
import { W1 } from "./w1-acknowledged-before-sync.ts";
import { W3 } from "./w3-page-before-log.ts";
import { W4 } from "./w4-appended-after-unlatching.ts";
import { W6 } from "./w6-clean-after-writing.ts";
import { W8 } from "./w8-checkpoint-before-data.ts";
import { W9 } from "./w9-split-in-two-groups.ts";
import { W10 } from "./w10-read-then-lost.ts";
import { W12 } from "./w12-redone-twice.ts";
import { W20 } from "./w20-checkpoint-forgets-writes.ts";
import { W21 } from "./w21-control-name-not-synced.ts";
import { W22 } from "./w22-segments-removed-early.ts";
import { W23 } from "./w23-images-only-once.ts";
import { W24 } from "./w24-batch-in-pieces.ts";
import { W25 } from "./w25-failed-sync-tried-again.ts";
import { W26 } from "./w26-checkpoint-ends-where-it-ends.ts";
import { W27 } from "./w27-leader-promises-too-much.ts";
import { W28 } from "./w28-refusal-not-awaited.ts";
import { W30 } from "./w30-gate-wakes-nobody.ts";
import { W31 } from "./w31-next-leader-sleeps-on.ts";
import { W32 } from "./w32-failure-wakes-nobody.ts";
import { W33 } from "./w33-batch-ends-unheard.ts";
import { W34 } from "./w34-page-write-ends-unheard.ts";
import { W35 } from "./w35-failed-page-write-wakes-nobody.ts";
import { W36 } from "./w36-listed-only-once.ts";
import { W37 } from "./w37-second-reader-not-joined.ts";
import { W38 } from "./w38-only-one-reader-woken.ts";
import { W40 } from "./w40-batch-latches-before-the-gate.ts";
import { W41 } from "./w41-batch-waits-for-itself.ts";

export type { Bug };

/** Every bug and decoy, in the order of their ids. */
export const BUGS: readonly Bug[] = [
  C1,
  C2,
  C3,
  C4,
  C5,
  C6,
  C7,
  C8,
  C11,
  C12,
  C14,
  D1,
  D2,
  D3,
  D4,
  D5,
  D6,
  D7,
  D8,
  D9,
  D10,
  D11,
  D12,
  D13,
  D14,
  B1,
  B3,
  B4,
  B6,
  B8,
  B10,
  B11,
  B12,
  B14,
  B20,
  B21,
  B22,
  H1,
  H2,
  F1,
  F2,
  F3,
  F4,
  F5,
  F6,
  F7,
  S1,
  S2,
  S3,
  O1,
  O3,
  O4,
  O6,
  E1,
  E2,
  E3,
  E4,
  E5,
  E6,
  W1,
  W3,
  W4,
  W6,
  W8,
  W9,
  W10,
  W12,
  W20,
  W21,
  W22,
  W23,
  W24,
  W25,
  W26,
  W27,
  W28,
  W30,
  W31,
  W32,
  W33,
  W34,
  W35,
  W36,
  W37,
  W38,
  W40,
  W41,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  P8,
  A1,
  A2,
  A3,
  A4,
  A5,
  A6,
  A7,
  O7,
  K1,
  K2,
  K3,
  K4,
  K5,
  K6,
  K7,
  K20,
  K21,
  K22,
  K23,
  K24,
  K30,
  K31,
  K40,
  K41,
  K50,
  K51,
  K60,
  K61,
  K62,
  K70,
  K71,
  K80,
  K81,
  K90,
  K91,
  K92,
  K93,
];

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
