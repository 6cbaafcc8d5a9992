import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EXCLUSIVE, type Fairness, FAIRNESS_SETTINGS, UPDATE } from "../../src/latch/index.ts";
import { LatchBench, upgradesFromShared, type Visitor } from "./latch-bench.ts";
import { type Letter, LETTERS, MODE_OF, ModelLatch } from "./model-latch.ts";

interface Request {
  readonly kind: "ask" | "try";
  readonly mode: Letter;
}

interface Move {
  readonly kind: "release" | "upgrade";
  readonly which: number;
}

type Command = Request | Move;

const mode = fc.constantFrom(...LETTERS);
const which = fc.nat(50);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record<Request>({ kind: fc.constant("ask"), mode }) },
  { weight: 1, arbitrary: fc.record<Request>({ kind: fc.constant("try"), mode }) },
  { weight: 3, arbitrary: fc.record<Move>({ kind: fc.constant("release"), which }) },
  { weight: 1, arbitrary: fc.record<Move>({ kind: fc.constant("upgrade"), which }) },
);

/** A latch and its model, and all that must be true of them after each command. */
class Run {
  readonly bench: LatchBench;
  readonly model: ModelLatch;
  readonly fairness: Fairness;
  readonly #onlyFromUpdate: boolean;

  constructor(fairness: Fairness, onlyFromUpdate: boolean) {
    this.fairness = fairness;
    this.bench = new LatchBench(fairness);
    this.model = new ModelLatch(fairness);
    this.#onlyFromUpdate = onlyFromUpdate;
  }

  apply(next: Command): void {
    if ("mode" in next) this.#ask(next.mode, next.kind === "try");
    else if (next.kind === "release") this.#release(this.bench.free().at(-1 - next.which));
    else this.#upgrade(next.which);
    this.#compare();
  }

  /** Releases whatever can be released, newest first, until nobody holds or nobody can go on. */
  drain(): void {
    for (let last = this.bench.free().at(-1); last !== undefined; last = this.bench.free().at(-1)) {
      this.#release(last);
      this.#compare();
    }
  }

  #ask(letter: Letter, isTry: boolean): void {
    const { guard, task } = isTry
      ? this.bench.try(MODE_OF[letter])
      : this.bench.ask(MODE_OF[letter]);
    same("granted", guard.isHeld, this.model.ask(task, letter, isTry));
  }

  #release(visitor: Visitor | undefined): void {
    if (visitor === undefined) return;
    this.bench.release(visitor);
    this.model.release(visitor.task);
  }

  #upgrade(index: number): void {
    const can = this.bench.free().filter(({ guard }) => guard.mode !== EXCLUSIVE);
    const chosen = can[index % Math.max(1, can.length)];
    if (chosen === undefined) return;
    if (this.#onlyFromUpdate && chosen.guard.mode !== UPDATE) return;
    this.bench.upgrade(chosen);
    this.model.upgrade(chosen.task);
  }

  #compare(): void {
    const { bench, model } = this;
    const held = bench.holders().map(({ task, guard }) => `${LETTERS[guard.heldMode]}${task}`);
    same("holders", listed(held), listed(model.holders.map(({ id, mode: of }) => `${of}${id}`)));
    const waiting = bench.waiting().map(({ task }) => `${task}`);
    same("waiters", listed(waiting), listed(model.queue.map(({ id }) => `${id}`)));
    same("holders that do not fit", bench.clashes(), "");
    same("somebody next in line could be granted", model.couldServe(), false);
    const unexplained = bench.waiting().filter((one) => bench.blockersOf(one).length === 0);
    same("waiters with nobody in the way", unexplained.length, 0);
  }
}

function listed(texts: readonly string[]): string {
  return texts.toSorted((a, b) => a.localeCompare(b)).join(" ");
}

function same(what: string, found: unknown, expected: unknown): void {
  if (found !== expected)
    throw new Error(`${what}: found ${String(found)}, expected ${String(expected)}`);
}

const seeds = [1, 2, 3];
const commands = fc.array(command, { maxLength: 60 });
const byFairness = FAIRNESS_SETTINGS.flatMap((fairness) =>
  seeds.map((seed) => [fairness, seed] as const),
);

describe("a latch with three modes", () => {
  it.each(byFairness)("does what the model does, and forgets nobody: %s, seed %i", (...given) => {
    const [fairness, seed] = given;
    const property = fc.property(commands, (all) => {
      const run = new Run(fairness, true);
      for (const next of all) run.apply(next);
      expect(run.bench.hasCycle()).toBe(false);
      run.drain();
      // Upgrades from U cannot deadlock, so whoever waited has had its turn.
      const { latch } = run.bench;
      expect([run.bench.waiting(), latch.holders, latch.isFree]).toEqual([[], [], true]);
    });
    fc.assert(property, { seed, numRuns: 300 });
  });

  it.each(byFairness)("deadlocks by an upgrade from S alone: %s, seed %i", (fairness, seed) => {
    const property = fc.property(commands, (all) => {
      const run = new Run(fairness, false);
      for (const next of all) run.apply(next);
      run.drain();
      const stuck = run.bench.waiting();
      const upgrades = stuck.filter(({ guard }) => guard.isUpgrade);
      const isDeadlock = upgrades.length > 1 && upgrades.some(upgradesFromShared);
      expect([run.bench.hasCycle(), isDeadlock]).toEqual([stuck.length > 0, stuck.length > 0]);
    });
    fc.assert(property, { seed, numRuns: 300 });
  });

  it.each(seeds)("hands over in order of arrival under fifo, seed %i", (seed) => {
    const property = fc.property(commands, (all) => {
      const run = new Run("fifo", true);
      const upgraded = new Set<number>();
      for (const next of all) {
        run.apply(next);
        for (const { task, guard } of run.bench.waiting()) if (guard.isUpgrade) upgraded.add(task);
      }
      run.drain();
      const arrivals = run.bench.handedTo.filter((task) => !upgraded.has(task));
      expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
    });
    fc.assert(property, { seed, numRuns: 300 });
  });
});
