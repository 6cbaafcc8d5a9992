import { protocolNamed } from "../../src/btree/index.ts";
import type { EngineParts } from "../../src/level/index.ts";
import { CrashProgram, type Durability, parseScenario } from "../../src/hunt/index.ts";
import { Explorer, parseStrategy, Scheduler, type Verdict } from "../../src/sim/index.ts";
import { assert, createPrng } from "../../src/task/index.ts";

/** What to hunt with beside the scenario. */
export interface CrashHunt {
  readonly strategy: string;
  /** Default `crash hunt`. */
  readonly seed?: string;
  readonly runsMax: number;
  /** Parts of the engine that are wrong. Default none. */
  readonly parts?: Partial<EngineParts>;
  readonly durability?: Partial<Durability>;
}

/** Hunts in a durable scenario, under the protocol it names, with parts of one's own. */
export function huntCrashes(text: string, options: CrashHunt): Verdict {
  const { scenario } = parseScenario(text);
  assert(scenario.durability !== undefined, "the scenario has a disk");
  const protocol = protocolNamed(scenario.protocol);
  const durability = { ...scenario.durability, ...options.durability };
  const scheduler = new Scheduler();
  const { parts = {}, strategy, runsMax, seed = "crash hunt" } = options;
  const program = new CrashProgram(scheduler, scenario, durability, protocol, protocol, parts);
  const strategies = [parseStrategy(strategy, createPrng(seed))];
  return new Explorer(scheduler).explore(program, strategies, { runsMax });
}
