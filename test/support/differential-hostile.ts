import {
  ALL_REDUCTIONS,
  checkHistory,
  type CheckOptions,
  type CrashRule,
  type History,
  type Reductions,
} from "../../src/linearizability/index.ts";
import { createPrng, type Prng } from "../../src/task/index.ts";
import { isLinearizableByForce } from "./brute-force-check.ts";
import { type Tally, TINY, witnessFault } from "./differential.ts";
import { HOSTILE, hostileHistory } from "./hostile-history.ts";

const RULES: readonly CrashRule[] = ["durable", "strict", "buffered", "ignored"];
const SWITCHES = Object.keys(ALL_REDUCTIONS) as (keyof Reductions)[];

/** Windows that trying every order can deal with in milliseconds. */
const FORCE_MAX = 12;

/** Checks hostile histories by force and by search, with any half of the reductions. */
export function compareHostile(count: number, seed: string): Tally {
  const tally: Tally = { histories: 0, notLinearizable: 0, differences: [] };
  for (let i = 0; i < count && tally.differences.length < 5; i++) {
    const prng = createPrng(`${seed} ${i}`);
    const drawing = HOSTILE[i % HOSTILE.length] ?? HOSTILE[0];
    const { name, model } = drawing;
    const history = hostileHistory(drawing, prng);
    const crash = RULES[prng.below(RULES.length)] ?? "durable";
    const scan = prng.below(3) === 0 ? "per-key" : "atomic";
    if (windowsOf(history, scan === "per-key") > FORCE_MAX) continue;
    const expected = isLinearizableByForce(history, model, { crash, scan });
    tally.histories++;
    if (!expected) tally.notLinearizable++;
    const variants: CheckOptions[] = [
      { crash, scan },
      { crash, scan, partition: false },
      { crash, scan, sizes: TINY },
      { crash, scan, reductions: anyHalf(prng) },
    ];
    for (const options of variants) {
      const verdict = checkHistory(history, model, options);
      let fault: string | null = null;
      if ((verdict.kind === "linearizable") !== expected) {
        fault = `${verdict.kind}, by force ${String(expected)}`;
      } else if (verdict.kind === "linearizable" && crash !== "buffered") {
        fault = witnessFault(history, model, verdict.witness, options);
      }
      const where = `${name}, ${seed} ${i}, ${JSON.stringify(options)}`;
      if (fault !== null) tally.differences.push(`${where}: ${fault}`);
    }
  }
  return tally;
}

function windowsOf({ operations, crashes }: History, isPerKey: boolean): number {
  const looks = operations.filter(({ f }) => f === "read" || f.startsWith("scan")).length;
  return operations.length + crashes.length + (isPerKey ? looks * 2 : 0);
}

function anyHalf(prng: Prng): Partial<Reductions> {
  return Object.fromEntries(SWITCHES.map((name) => [name, prng.below(2) === 0]));
}
