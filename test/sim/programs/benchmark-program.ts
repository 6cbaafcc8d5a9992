import type { FailureKind, Setup, Start } from "../../../src/sim/index.ts";

/**
 * A small program with a known bug, as SCTBench has it, and the same program set right.
 *
 * Source: SCTBench (mc-imperial/sctbench), benchmarks/concurrent-software-benchmarks, ported by
 * hand. A task `main` spawns the tasks in order, one step each, and then joins them. What is only
 * used under one mutex is a plain variable; every other shared read and write is a step.
 */
export interface BenchmarkProgram {
  readonly name: string;
  readonly start: Start;
  /** How the bug shows. */
  readonly kind: FailureKind;
  readonly broken: Setup;
  readonly repaired: Setup;
}

/** Throws what a broken assertion of the original program would. */
export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
