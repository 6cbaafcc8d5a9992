import type { Mutex, Setup, Shared } from "../../../src/sim/index.ts";
import type { Step, Task } from "../../../src/task/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

/**
 * Setters write a = 1, b = -1; checkers must see both or neither. The more setters there are, the
 * rarer it is that none has come to b when a checker comes between.
 *
 * @param size As in the program's name: `reorder_20` has 10 checkers, the others have one.
 */
export function reorder(size: number): BenchmarkProgram {
  const checkers = size === 20 ? 10 : 1;
  const setters = size - checkers;
  return {
    name: `reorder_${size}`,
    start: "spawn",
    kind: "exception",
    broken: reorderOf(setters, checkers, false),
    repaired: reorderOf(setters, checkers, true),
  };
}

function reorderOf(setters: number, checkers: number, isGuarded: boolean): Setup {
  return (sim) => {
    const a = sim.shared("a", 0);
    const b = sim.shared("b", 0);
    const m = isGuarded ? sim.mutex("m") : null;
    for (let i = 0; i < setters; i++) sim.task(`set ${i}`, () => guarded(m, set(a, b)));
    for (let i = 0; i < checkers; i++) sim.task(`check ${i}`, () => guarded(m, check(a, b)));
  };
}

function* guarded(m: Mutex | null, body: Task<void>): Task<void> {
  if (m !== null) yield m.lock();
  yield* body;
  m?.unlock();
}

function* set(a: Shared<number>, b: Shared<number>): Task<void> {
  yield a.write(1);
  yield b.write(-1);
}

function* check(a: Shared<number>, b: Shared<number>): Task<void> {
  const isSeen = (yield* bothAre(a, 0, b, 0)) || (yield* bothAre(a, 1, b, -1));
  expectThat(isSeen, "a is set and b is not");
}

/** Reads b only if a is as expected, as `&&` does. */
function* bothAre(
  a: Shared<number>,
  expectedA: number,
  b: Shared<number>,
  expectedB: number,
): Generator<Step, boolean, void> {
  return (yield* a.read()) === expectedA && (yield* b.read()) === expectedB;
}
