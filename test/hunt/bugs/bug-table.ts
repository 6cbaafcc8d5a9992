import type { FailureKind } from "../../../src/sim/index.ts";

/** What is measured of a planted bug on its own scenario. */
export interface BugRow {
  readonly id: string;
  /** How its first failure with the fewest preemptions is sorted. */
  readonly kind: FailureKind;
  /** The fewest preemptions that show it. */
  readonly preemptions: number;
  /** Schedules until the default portfolio finds it, seed 1. */
  readonly schedules: number;
  /** What a run that ends well says of it already, or null if nothing. */
  readonly warning: FailureKind | null;
  /** How often the power must fail, for a bug of log and recovery: not at all, or once. */
  readonly crashes: number;
}

const row = (
  id: string,
  kind: FailureKind,
  preemptions: number,
  schedules: number,
  warning: FailureKind | null = null,
): BugRow => ({ id, kind, preemptions, schedules, warning, crashes: 1 });

/** A bug of waiting, or of what partitions or batches answer: it shows without a crash. */
const wait = (...of: Parameters<typeof row>): BugRow => ({ ...row(...of), crashes: 0 });

/** Every planted bug, with the numbers that the simulator is expected to give. */
export const BUG_TABLE: readonly BugRow[] = [
  row("C1", "not-linearizable", 1, 12),
  row("C2", "freed-page", 1, 22),
  row("C3", "not-linearizable", 1, 20),
  row("C4", "exception", 0, 1),
  row("C5", "deadlock", 1, 3, "latch-order"),
  row("C6", "deadlock", 1, 22, "latch-order"),
  row("C7", "not-linearizable", 1, 22),
  row("C8", "freed-page", 1, 22),
  row("C11", "deadlock", 1, 3, "potential-deadlock"),
  row("C12", "exception", 1, 6),
  row("C14", "deadlock", 1, 9, "latch-order"),
  row("D1", "broken-tree", 0, 1),
  row("D2", "not-linearizable", 1, 3),
  row("D3", "deadlock", 1, 4, "latch-order"),
  row("D4", "not-linearizable", 1, 3),
  row("D5", "not-linearizable", 1, 3),
  row("D6", "exception", 1, 30),
  row("D7", "latch-held", 0, 1),
  row("D8", "latch-misuse", 1, 22),
  row("D9", "livelock", 1, 22),
  row("D10", "freed-page", 1, 3),
  row("D11", "wrong-result", 1, 22),
  row("D12", "not-linearizable", 1, 4),
  row("D13", "not-linearizable", 1, 17),
  // The portfolio's depth-first search stops at two preemptions; the samplers find it.
  row("D14", "not-linearizable", 3, 26),
  row("B1", "not-linearizable", 1, 3),
  row("B3", "not-linearizable", 1, 3),
  row("B4", "deadlock", 1, 3, "latch-order"),
  row("B6", "broken-tree", 1, 3),
  row("B8", "exception", 1, 6),
  row("B10", "deadlock", 1, 9, "latch-order"),
  row("B11", "broken-tree", 1, 57),
  row("B12", "freed-page", 1, 16),
  row("B14", "livelock", 1, 17),
  row("B20", "not-linearizable", 1, 6),
  row("B21", "not-linearizable", 2, 333),
  row("B22", "exception", 1, 3),
  row("H1", "freed-page", 1, 22),
  row("H2", "not-linearizable", 1, 7),
  row("F1", "freed-page", 1, 22),
  row("F2", "exception", 1, 4),
  row("F3", "deadlock", 1, 31, "latch-order"),
  row("F4", "exception", 0, 1),
  row("F5", "not-linearizable", 1, 18),
  row("F6", "deadlock", 1, 18),
  row("F7", "not-linearizable", 0, 1),
  row("S1", "deadlock", 1, 18, "latch-order"),
  row("S2", "deadlock", 1, 4, "latch-order"),
  row("S3", "not-linearizable", 1, 24),
  row("O1", "not-linearizable", 1, 39),
  row("O3", "not-linearizable", 1, 33),
  row("O4", "not-linearizable", 1, 43),
  row("O6", "freed-page", 1, 22),
  row("E1", "exception", 1, 9),
  row("E2", "not-linearizable", 1, 30),
  row("E3", "exception", 1, 3),
  row("E4", "not-linearizable", 1, 3),
  row("E5", "exception", 1, 10),
  row("E6", "broken-tree", 1, 3),
];

/** Every planted bug of log and recovery, of partitions and of batched writes, likewise. */
export const LOG_BUG_TABLE: readonly BugRow[] = [
  row("W1", "not-durable", 0, 1),
  row("W3", "broken-tree", 1, 138),
  row("W4", "not-durable", 1, 46),
  row("W6", "not-durable", 1, 836),
  row("W8", "not-durable", 0, 11),
  row("W9", "broken-tree", 1, 111),
  row("W10", "not-durable", 1, 30),
  row("W12", "not-durable", 0, 1),
  row("W20", "not-durable", 1, 240),
  row("W21", "not-recovered", 0, 21),
  row("W22", "not-recovered", 0, 11),
  row("W23", "not-recovered", 0, 17),
  row("W24", "not-durable", 1, 16),
  row("W25", "not-durable", 0, 4),
  row("W26", "not-durable", 1, 1218),
  row("W27", "not-durable", 1, 4),
  row("W28", "not-durable", 1, 10),
  wait("W30", "lost-wakeup", 1, 3),
  wait("W31", "lost-wakeup", 1, 4),
  wait("W32", "lost-wakeup", 1, 3),
  wait("W33", "lost-wakeup", 1, 24),
  wait("W34", "lost-wakeup", 1, 18),
  wait("W35", "lost-wakeup", 1, 137),
  wait("W36", "lost-wakeup", 1, 81),
  wait("W37", "lost-wakeup", 0, 1),
  wait("W38", "lost-wakeup", 1, 64),
  wait("W40", "deadlock", 1, 10, "potential-deadlock"),
  wait("W41", "deadlock", 0, 1),
  row("P1", "not-durable", 0, 1),
  row("P2", "not-durable", 0, 6),
  wait("P3", "not-durable", 0, 1),
  wait("P4", "wrong-result", 0, 1),
  wait("P5", "not-durable", 0, 1),
  row("P6", "not-durable", 1, 3),
  wait("P7", "wrong-result", 0, 1),
  row("P8", "not-durable", 0, 8),
  wait("A1", "not-durable", 0, 2),
  row("A2", "not-durable", 0, 3),
  wait("A3", "not-durable", 1, 7),
  wait("A4", "not-durable", 0, 1),
  wait("A5", "not-durable", 0, 1),
  wait("A6", "lost-wakeup", 1, 1),
  row("A7", "not-durable", 1, 2037),
  wait("O7", "exception", 1, 22),
];
