import { expect, it } from "vitest";
import {
  BoundedReductionStrategy,
  createPrng,
  DepthFirstStrategy,
  type Prng,
  type Setup,
  SetupProgram,
  simulate,
  type Simulation,
} from "../../../src/sim/index.ts";
import type { Task } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { explored } from "./explored.ts";

const PROGRAMS = budget({ short: 150, campaign: 10_000 });
const SCHEDULES_MAX = 100;

/** Without a preemption `c` reads first only if `b` was first, whose step is as good as any. */
const permitFirst: Setup = (sim) => {
  const permit = sim.semaphore("permit", 1);
  const x = sim.shared("x", 0);
  let seen = -1;
  sim.task("a", function* () {
    yield* x.read();
  });
  sim.task("b", function* () {
    yield permit.acquire();
    yield sim.sleep(1);
    yield x.write(1);
  });
  sim.task("c", function* () {
    yield sim.sleep(1);
    seen = yield* x.read();
  });
  return () => seen !== 0;
};

/** The same with two tasks. */
const readFirst: Setup = (sim) => {
  const x = sim.shared("x", 0);
  let seen = -1;
  sim.task("a", function* () {
    yield* x.read();
    yield sim.sleep(1);
    yield x.write(1);
  });
  sim.task("c", function* () {
    yield sim.sleep(1);
    seen = yield* x.read();
  });
  return () => seen !== 0;
};

it.each([
  ["permit first", permitFirst, 0],
  ["permit first", permitFirst, 1],
  ["read first", readFirst, 1],
])("%s: what fails after a sleep is found as within a bound of depth-first search", (...row) => {
  const [, setup, most] = row;
  for (const strategy of [new DepthFirstStrategy(most), new BoundedReductionStrategy(most)]) {
    const { finding } = simulate(setup, { strategy, shrink: false });
    expect([strategy.name, finding?.failure.kind]).toEqual([strategy.name, "wrong-result"]);
  }
});

it.each([0, 1, 2])(
  "random programs that sleep, with at most %i preemptions: every order",
  (most) => {
    let [compared, reduced] = [0, 0];
    for (let seed = 1; compared < PROGRAMS; seed++) {
      const program = (): SetupProgram => new SetupProgram(sleepyProgram(seed));
      const every = explored(program(), new DepthFirstStrategy(most), SCHEDULES_MAX);
      if (every === null) continue;
      compared++;
      const strategy = new BoundedReductionStrategy(most);
      const found = explored(program(), strategy, SCHEDULES_MAX);
      expect({ seed, orders: found?.orders }).toEqual({ seed, orders: every.orders });
      if ((found?.runs ?? 0) < every.runs) reduced++;
    }
    // The rules are not given up where no time passes, as below the last sleep.
    expect(reduced).toBeGreaterThan(0);
  },
  600_000,
);

interface Things {
  readonly sim: Simulation;
  readonly cells: readonly ReturnType<typeof cellOf>[];
  readonly permit: ReturnType<Simulation["semaphore"]>;
}

const cellOf = (sim: Simulation, name: string) => sim.shared(name, 0);

type Piece = (things: Things) => Task<void>;

const PIECES: readonly Piece[] = [
  function* ({ sim }) {
    yield sim.sleep(1);
  },
  function* ({ sim }) {
    yield sim.sleep(2);
  },
  function* ({ cells }) {
    for (const cell of cells.slice(0, 1)) yield* cell.read();
  },
  function* ({ cells }) {
    for (const cell of cells.slice(0, 1)) yield cell.write(1);
  },
  function* ({ cells }) {
    for (const cell of cells.slice(1)) yield cell.write(1);
  },
  function* ({ permit }) {
    yield permit.acquire();
  },
  function* ({ permit }) {
    yield permit.release();
  },
];

/** Two or three tasks of a few steps each, a third of which sleep; some spawn a child. */
function sleepyProgram(seed: number): Setup {
  const prng = createPrng(`sleepy/${seed}`);
  const tasks = Array.from({ length: 2 + prng.below(2) }, () => ({
    pieces: piecesOf(prng, 4),
    child: prng.below(3) === 0 ? piecesOf(prng, 2) : null,
  }));
  return (sim) => {
    const cells = [cellOf(sim, "x"), cellOf(sim, "y")];
    const things = { sim, cells, permit: sim.semaphore("permit", 1) };
    for (const [i, { pieces, child }] of tasks.entries()) {
      sim.task(`t${i}`, function* () {
        if (child !== null) yield* sim.spawn("child", () => inTurn(child, things));
        yield* inTurn(pieces, things);
      });
    }
  };
}

function piecesOf(prng: Prng, most: number): readonly Piece[] {
  return Array.from(
    { length: 1 + prng.below(most) },
    () => PIECES.slice(prng.below(PIECES.length))[0],
  ).filter((piece) => piece !== undefined);
}

function* inTurn(pieces: readonly Piece[], things: Things): Task<void> {
  for (const piece of pieces) yield* piece(things);
}
