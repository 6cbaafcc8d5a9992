import {
  checkHistory,
  type CheckOptions,
  type CrashRule,
  type History,
  type Reductions,
} from "../../src/linearizability/index.ts";
import { prefixOf } from "../../src/linearizability/prefix.ts";
import { createPrng } from "../../src/task/index.ts";
import { isLinearizableByForce } from "./brute-force-check.ts";
import { faultOf, NO_REDUCTIONS } from "./differential.ts";
import { randomHistory } from "./random-history.ts";
import { uniqueDrawing } from "./unique-history.ts";

export interface UniqueTally {
  histories: number;
  notLinearizable: number;
  /** Histories that are linearizable and for which that had to be searched for. */
  searched: number;
  readonly differences: string[];
}

const RULES: readonly CrashRule[] = ["durable", "strict", "ignored"];
const KINDS = ["register", "cas-register", "kv"] as const;

/**
 * Checks tiny random histories in which every value is made once by force and without a search; the
 * event of a no must be the first that cannot be explained.
 */
export function compareUnique(count: number, seed: string): UniqueTally {
  const tally: UniqueTally = { histories: 0, notLinearizable: 0, searched: 0, differences: [] };
  for (let i = 0; i < count && tally.differences.length < 5; i++) compareOne(i, seed, tally);
  return tally;
}

function compareOne(i: number, seed: string, tally: UniqueTally): void {
  const prng = createPrng(`${seed} ${i}`);
  const drawing = uniqueDrawing(KINDS[i % KINDS.length] ?? "register");
  const crash = RULES[prng.below(RULES.length)] ?? "durable";
  const shape = {
    operations: 4 + prng.below(6),
    processes: 2 + prng.below(4),
    failed: prng.below(2) * 6,
    undecided: prng.below(2) * 12,
    crash: prng.below(3) === 0 ? 6 : 0,
    isBuffered: false,
    lies: prng.below(4),
  };
  const history = randomHistory(drawing, shape, prng);
  const isRight = (of: History): boolean =>
    isLinearizableByForce(of, drawing.model, { crash, scan: "atomic" });
  const expected = isRight(history);
  tally.histories++;
  if (!expected) tally.notLinearizable++;
  const variants: Partial<Reductions>[] = [
    {},
    { uniqueValues: false },
    { ...NO_REDUCTIONS, uniqueValues: true },
  ];
  for (const reductions of variants) {
    const options: CheckOptions = { crash, reductions };
    const verdict = checkHistory(history, drawing.model, options);
    const fault = faultOf(verdict, expected, history, drawing.model, options);
    if (fault !== null) tally.differences.push(`${i}, ${JSON.stringify(options)}: ${fault}`);
    const isUnique = reductions.uniqueValues !== false;
    if (isUnique && expected && verdict.explored > 0) tally.searched++;
    if (!isUnique || verdict.kind !== "not-linearizable" || verdict.explored > 0) continue;
    if (drawing.name.endsWith("kv")) continue;
    // What failed might have made what somebody found, had it only not been answered yet.
    const isPlain = history.operations.every(
      ({ outcome, output }) => outcome !== "fail" && output !== false,
    );
    const isRightBefore = isRight(prefixOf(history, verdict.event));
    if (!isRightBefore || (isPlain && isRight(prefixOf(history, verdict.event + 1)))) {
      tally.differences.push(`${i}: event ${verdict.event} is not where it goes wrong`);
    }
  }
}
