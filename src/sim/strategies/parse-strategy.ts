import { LatchworkError, type Prng } from "../../task/index.ts";
import { BoundedReductionStrategy, ReductionStrategy } from "../reduction/index.ts";
import type { Strategy } from "../strategy.ts";
import { DepthFirstStrategy } from "./depth-first.ts";
import { FeedbackStrategy } from "./feedback.ts";
import { IteratedDepthFirstStrategy } from "./iterated-depth-first.ts";
import { PctStrategy } from "./pct.ts";
import { PosStrategy } from "./pos.ts";
import { RandomStrategy } from "./random.ts";
import { RoundRobinStrategy } from "./round-robin.ts";
import { SurwStrategy } from "./surw.ts";
import { SwarmStrategy } from "./swarm.ts";
import { UrwStrategy } from "./urw.ts";

/** The names that {@link parseStrategy} reads, as help texts list them. */
export const STRATEGY_NAMES: readonly string[] = [
  "round-robin",
  "random",
  "pct",
  "pctD",
  "pos",
  "urw",
  "surw",
  "surw:object",
  "surw:writes",
  "swarm",
  "feedback",
  "dpor",
  "dpor:C",
  "dfs",
  "dfs:C",
];

// Three ordering constraints find all that two find and more, and cost little where two would do.
const PCT_DEPTH_DEFAULT = 3;
const WITH_NUMBER = /^(pct|dfs|dpor):?(\d{1,3})$/;

/**
 * Makes the strategy that a name asks for: `pct3`, `pct:3` and `pct` look for bugs of depth 3,
 * `dfs` runs every schedule, `dfs:2` those with 0, then 1, then 2 preemptions, and `dpor` one of
 * each happens-before order, and `dpor:2` of each that takes at most 2 preemptions.
 *
 * @param prng Where the strategy draws from, if it draws.
 * @throws LatchworkError UNKNOWN_NAME, in one line that lists the names there are.
 */
export function parseStrategy(text: string, prng: Prng): Strategy {
  const [, family, digits] = WITH_NUMBER.exec(text) ?? [];
  const number = Number(digits);
  if (family === "pct" && number >= 1) return new PctStrategy(prng, number);
  if (family === "dpor") return new BoundedReductionStrategy(number);
  if (family === "dfs") return new IteratedDepthFirstStrategy(number);
  switch (text) {
    case "round-robin":
      return new RoundRobinStrategy();
    case "random":
      return new RandomStrategy(prng);
    case "pct":
      return new PctStrategy(prng, PCT_DEPTH_DEFAULT);
    case "pos":
      return new PosStrategy(prng);
    case "surw":
      return new SurwStrategy(prng);
    case "surw:object":
      return new SurwStrategy(prng, "object");
    case "surw:writes":
      return new SurwStrategy(prng, "writes");
    case "feedback":
      return new FeedbackStrategy(prng);
    case "urw":
      return new UrwStrategy(prng);
    case "swarm":
      return new SwarmStrategy(prng);
    case "dpor":
      return new ReductionStrategy();
    case "dfs":
      return new DepthFirstStrategy();
    default:
      throw new LatchworkError(
        "UNKNOWN_NAME",
        `strategy: expected ${listed(STRATEGY_NAMES)}, found ${JSON.stringify(text)}`,
      );
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
