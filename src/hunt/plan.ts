import type { Protocol } from "../btree/index.ts";
import { defaultPortfolio, parseStrategy, type Strategy } from "../sim/index.ts";
import { createPrng } from "../task/index.ts";
import {
  type Hunting,
  huntingRandom,
  huntingScenario,
  type HuntOptions,
  type StrategyFactory,
} from "./hunt.ts";
import type { Scenario, ScenarioShape } from "./scenario/index.ts";

/** How a hunt is made, as plain data: what can be sent to another thread. */
export interface HuntSetting {
  readonly seed: string | number;
  readonly runsMax: number;
  /** `portfolio`, or strategies by name as `parseStrategy` reads them. */
  readonly strategies: readonly string[];
  /** As {@link HuntOptions.shrink}. */
  readonly shrink: { readonly runsMax: number; readonly runsMaxOnDisk?: number } | null;
  readonly checkDeterminism: boolean;
}

/** A hunt as plain data: in one scenario, or in random ones. */
export type HuntPlan =
  | { readonly kind: "scenario"; readonly scenario: Scenario; readonly setting: HuntSetting }
  | { readonly kind: "random"; readonly shape: ScenarioShape; readonly setting: HuntSetting };

/** What a hunt needs beside its plan, and cannot be sent. */
export interface HuntHelp {
  readonly protocols: readonly Protocol[];
  readonly shouldStop?: () => boolean;
}

/** Begins a hunt that was planned. */
export function huntingPlan(plan: HuntPlan, help: HuntHelp): Hunting {
  const options = optionsOf(plan.setting, help);
  return plan.kind === "scenario"
    ? huntingScenario(plan.scenario, options)
    : huntingRandom(plan.shape, options);
}

/** The options of a hunt by its setting. */
export function optionsOf(setting: HuntSetting, { protocols, shouldStop }: HuntHelp): HuntOptions {
  const { seed, runsMax, strategies, shrink, checkDeterminism } = setting;
  const stop = shouldStop === undefined ? {} : { shouldStop };
  return {
    seed,
    runsMax,
    strategies: strategiesNamed(strategies),
    shrink: shrink === null ? null : { ...shrink, ...stop },
    checkDeterminism,
    protocols,
    ...stop,
  };
}

/**
 * Makes strategies by their names, each with a generator of its own.
 *
 * @throws LatchworkError UNKNOWN_NAME, when they are made, for one that there is not.
 */
export function strategiesNamed(names: readonly string[]): StrategyFactory {
  return (seed) => names.flatMap((name) => strategyNamed(name, seed));
}

function strategyNamed(name: string, seed: string): Strategy[] {
  if (name === "portfolio") return defaultPortfolio(seed);
  return [parseStrategy(name, createPrng(`${seed}/${name}`))];
}
