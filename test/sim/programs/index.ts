import { account } from "./account.ts";
import type { BenchmarkProgram } from "./benchmark-program.ts";
import { bluetooth } from "./bluetooth.ts";
import { carter01 } from "./carter01.ts";
import { circularBuffer } from "./circular-buffer.ts";
import { deadlock01 } from "./deadlock01.ts";
import { reorder } from "./reorder.ts";
import { stack } from "./stack.ts";
import { twoStage } from "./two-stage.ts";

/** The programs that other concurrency testers publish figures for. */
export const BENCHMARK_PROGRAMS: readonly BenchmarkProgram[] = [
  account,
  deadlock01,
  stack,
  bluetooth,
  carter01,
  circularBuffer,
  ...[3, 4, 5, 10, 20, 100].map(reorder),
  ...[20, 100].map(twoStage),
];

export type { BenchmarkProgram };
