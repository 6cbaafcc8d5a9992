import { expect, it } from "vitest";
import { DepthFirstStrategy, ReductionStrategy, SetupProgram } from "../../../src/sim/index.ts";
import { explored } from "./explored.ts";
import { randomProgram } from "./random-program.ts";

/** How many programs are compared; each is run in every order there is. */
const PROGRAMS = Number(process.env["REDUCTION_PROGRAMS"] ?? 200);
const SCHEDULES_MAX = Number(process.env["REDUCTION_SCHEDULES"] ?? 250);
/** Programs at a time, so that a failure says which. */
const GROUP = 25;

/** The seeds from one on whose programs have few enough schedules, and what depth-first found. */
function compare(from: number, count: number): number {
  let seed = from;
  for (let compared = 0; compared < count; seed++) {
    const program = (): SetupProgram => new SetupProgram(randomProgram(seed));
    const options = { releaseSteps: seed % 2 === 0, stepsMax: 200 };
    const all = explored(program(), new DepthFirstStrategy(), SCHEDULES_MAX, options);
    if (all === null) continue;
    compared++;
    const strategy = new ReductionStrategy();
    const reduced = explored(program(), strategy, SCHEDULES_MAX, options);
    const about = { seed, orders: reduced?.orders, hashes: reduced?.hashes };
    expect(about).toEqual({ seed, orders: all.orders, hashes: all.hashes });
    expect({ seed, repeated: reduced?.repeated }).toEqual({ seed, repeated: [] });
    const { strayed, hurried, asleep, impossible } = strategy.counts;
    expect({ seed, strayed, hurried, asleep, impossible }).toEqual({
      seed,
      strayed: 0,
      hurried: 0,
      asleep: 0,
      impossible: 0,
    });
  }
  return seed;
}

let next = 1;
it.each(Array.from({ length: Math.ceil(PROGRAMS / GROUP) }, (_, i) => i * GROUP))(
  "finds the orders and failures that depth-first search finds, once each, from program %i on",
  () => {
    const from = next;
    next = compare(from, GROUP);
    expect(next - from).toBeGreaterThanOrEqual(GROUP);
  },
  600_000,
);
