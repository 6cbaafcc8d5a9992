import type { Scenario } from "../../../hunt/index.ts";
import { type Film, type FilmScript, type Picture, Reel } from "../../index.ts";
import type { Schedule } from "../../../sim/index.ts";

/** Two runs of the same operations, as far as one schedule fits both. */
export interface Comparison {
  readonly one: Side;
  readonly other: Side;
  /** The first step, from 1, at which they are not alike; null if they are alike throughout. */
  readonly differsAt: number | null;
}

/** One protocol's run, to its end, and what it cost. */
export interface Side {
  readonly scenario: Scenario;
  readonly reel: Reel;
  readonly costs: Costs;
}

/** What a run cost in latches and waiting. */
export interface Costs {
  readonly steps: number;
  /** How often a task had to wait for a latch. */
  readonly waits: number;
  /** How often a task was given a latch. */
  readonly granted: number;
  /** How often a try for a latch was refused. */
  readonly refused: number;
  /** The most latches that were held at one stop, by all tasks. */
  readonly heldMax: number;
  /** The most latches that one task held at one stop. */
  readonly heldByOneMax: number;
  /** Summed over all stops, how many tasks were waiting. */
  readonly waiting: number;
}

/** Makes films: at once, or in a worker where the code is not ours. */
export type FilmSource = (scenario: Scenario, script: FilmScript) => Film | Promise<Film>;

/**
 * Runs a schedule to its end, and another protocol after it as far as it can follow; at once, if
 * the films are made at once.
 */
export function compare(
  scenario: Scenario,
  schedule: Schedule,
  protocol: string,
  source: FilmSource,
): Comparison | Promise<Comparison> {
  const goOn = { strategy: "on", seed: "compare" } as const;
  const otherScenario = { ...scenario, protocol, bug: null };
  const compareWith = (one: Film): Comparison | Promise<Comparison> => {
    const script = { schedule: one.schedule, rule: "loose", goOn: null } as const;
    const set = (other: Film): Comparison => ({
      one: sideOf(scenario, one),
      other: sideOf(otherScenario, other),
      differsAt: firstDifference(one, other),
    });
    return after(source(otherScenario, script), set);
  };
  return after(source(scenario, { schedule, rule: "exact", goOn }), compareWith);
}

/** Goes on with a value once it is there, which may be now. */
function after<T, U>(value: T | Promise<T>, goOn: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

function sideOf(scenario: Scenario, made: Film): Side {
  const reel = new Reel(made, scenario);
  return { scenario, reel, costs: costsOf(reel) };
}

/** The first step that is another one, or of which another thing came. */
function firstDifference(one: Film, other: Film): number | null {
  const length = Math.max(one.stops.length, other.stops.length);
  for (let step = 1; step < length; step++) {
    const [deed, otherDeed] = [one.stops[step]?.deed, other.stops[step]?.deed];
    if (deed?.task !== otherDeed?.task || deed?.text !== otherDeed?.text) return step;
    if (outcomeAt(one, step) !== outcomeAt(other, step)) return step;
  }
  return null;
}

/** `taken` or `queued`, as the trace line of a step has it. */
function outcomeAt({ stops }: Film, step: number): unknown {
  return stops[step]?.lines[0]?.["outcome"];
}

function costsOf(reel: Reel): Costs {
  const costs = { waits: 0, granted: 0, refused: 0, heldMax: 0, heldByOneMax: 0, waiting: 0 };
  for (let stop = 0; stop < reel.length; stop++) {
    const { events, tasks } = reel.at(stop);
    for (const { kind } of events) {
      if (kind === "waits") costs.waits++;
      else if (kind === "granted") costs.granted++;
      else if (kind === "refused") costs.refused++;
    }
    const held = tasks.map(({ holds }) => holds.length);
    costs.heldMax = Math.max(
      costs.heldMax,
      held.reduce((sum, own) => sum + own, 0),
    );
    costs.heldByOneMax = Math.max(costs.heldByOneMax, ...held);
    costs.waiting += tasks.filter(({ state }) => state === "waits").length;
  }
  return { steps: reel.length - 1, ...costs };
}

/** The picture of a side at a stop; the last one for a stop that it has not. */
export function pictureAt({ reel }: Side, stop: number): Picture {
  return reel.at(Math.min(stop, reel.length - 1));
}

/** A side in a word or two: its protocol, and its bug if it has one. */
export function nameOf({ scenario: { protocol, bug } }: Side): string {
  return bug === null ? protocol : `${protocol}, bug ${bug}`;
}
