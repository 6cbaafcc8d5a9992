import {
  ALL_REDUCTIONS,
  checkHistory,
  type CheckOptions,
  type CrashRule,
  type History,
  type Model,
  type Reductions,
  type SearchSizes,
  type Verdict,
} from "../../src/linearizability/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { isLinearizableByForce, windowsOf } from "./brute-force-check.ts";
import { DRAWINGS, randomHistory } from "./random-history.ts";

export interface Tally {
  histories: number;
  notLinearizable: number;
  /** Each names model, seed and options, and what was wrong. */
  readonly differences: string[];
}

const RULES: readonly CrashRule[] = ["durable", "strict", "buffered", "ignored"];
const SWITCHES = Object.keys(ALL_REDUCTIONS) as (keyof Reductions)[];
export const NO_REDUCTIONS: Reductions = {
  eagerObservers: false,
  identicalOperations: false,
  deadWrites: false,
  pendingOperations: false,
  unusedPending: false,
  lostValues: false,
  unreachableAnswers: false,
  deadValues: false,
  unrelatedKeys: false,
  staleReads: false,
  uniqueValues: false,
  narrowFirst: false,
};

/** So that even a short history goes back to checkpoints, collects, and begins again with all. */
export const TINY: SearchSizes = {
  width: 1,
  wider: 2,
  choice: 1,
  effort: 2,
  tries: 3,
  spacing: 2,
  held: 3,
  nodes: 2,
  vectors: 2,
};

/** Checks `count` tiny random histories by force and by search, each reduction on and off. */
export function compare(count: number, seed: string): Tally {
  const tally: Tally = { histories: 0, notLinearizable: 0, differences: [] };
  for (let i = 0; i < count && tally.differences.length < 5; i++) {
    const prng = createPrng(`${seed} ${i}`);
    const drawing = DRAWINGS[i % DRAWINGS.length];
    if (drawing === undefined) continue;
    const crash = RULES[prng.below(RULES.length)] ?? "durable";
    const scan = prng.below(3) === 0 ? "per-key" : "atomic";
    const isClean = prng.below(4) === 0;
    const history = randomHistory(
      drawing,
      {
        operations: 3 + prng.below(6),
        processes: 2 + prng.below(3),
        failed: isClean ? 0 : 8,
        undecided: isClean ? 0 : 10,
        crash: prng.below(2) === 0 ? 6 : 0,
        isBuffered: prng.below(2) === 0,
        lies: prng.below(5) > 0 ? 2 + prng.below(3) : 0,
      },
      prng,
    );
    const expected = isLinearizableByForce(history, drawing.model, { crash, scan });
    tally.histories++;
    if (!expected) tally.notLinearizable++;
    const off = SWITCHES[i % SWITCHES.length] ?? "deadWrites";
    const variants: CheckOptions[] = [
      { crash, scan },
      { crash, scan, reductions: { [off]: false } },
      { crash, scan, reductions: NO_REDUCTIONS },
      { crash, scan, reductions: { ...NO_REDUCTIONS, [off]: true } },
      { crash, scan, partition: false },
      { crash, scan, reductions: { uniqueValues: false }, sizes: TINY },
    ];
    for (const options of variants) {
      const verdict = checkHistory(history, drawing.model, options);
      const fault = faultOf(verdict, expected, history, drawing.model, options);
      if (fault === null) continue;
      tally.differences.push(`${drawing.name}, ${seed} ${i}, ${JSON.stringify(options)}: ${fault}`);
    }
  }
  return tally;
}

/** Models whose states stay few. */
const LONG = ["register", "cas-register", "wildcard", "kv", "kv scans", "set", "set reads"];

/**
 * Checks `count` histories that are too long for force: a narrow frontier first and the full one at
 * once must agree, and the order found must be one.
 */
export function compareLong(count: number, seed: string): Tally {
  const tally: Tally = { histories: 0, notLinearizable: 0, differences: [] };
  const drawings = DRAWINGS.filter(({ name }) => LONG.includes(name));
  for (let i = 0; i < count && tally.differences.length < 5; i++) {
    const prng = createPrng(`${seed} ${i}`);
    const drawing = drawings[i % drawings.length];
    if (drawing === undefined) continue;
    const shape = { processes: 7, failed: 3, undecided: 2, crash: 0, isBuffered: false };
    const lies = prng.below(3) * 2;
    const history = randomHistory(drawing, { ...shape, operations: 200, lies }, prng);
    const { model } = drawing;
    const exact = checkHistory(history, model, { reductions: { narrowFirst: false } });
    const verdict = checkHistory(history, model);
    tally.histories++;
    if (exact.kind !== "linearizable") tally.notLinearizable++;
    const fault = faultOf(verdict, exact.kind === "linearizable", history, model, {});
    if (fault !== null) tally.differences.push(`${drawing.name}, ${seed} ${i}: ${fault}`);
  }
  return tally;
}

export function faultOf(
  verdict: Verdict,
  expected: boolean,
  history: History,
  model: Model,
  options: CheckOptions,
): string | null {
  if (verdict.kind !== (expected ? "linearizable" : "not-linearizable")) {
    return `${verdict.kind}, by force ${String(expected)}`;
  }
  if (verdict.kind === "not-linearizable") {
    return verdict.open.includes(verdict.operation) ? null : "the stuck operation is not open";
  }
  if (verdict.kind === "linearizable" && options.crash !== "buffered") {
    return witnessFault(history, model, verdict.witness, options);
  }
  return null;
}

/** What is wrong with a witness, or null. */
export function witnessFault(
  history: History,
  model: Model,
  witness: readonly number[],
  { crash = "durable", scan = "atomic" }: CheckOptions,
): string | null {
  const happened = history.operations.filter(({ outcome }) => outcome !== "fail");
  const windows = new Map(
    windowsOf(history, crash).map((window, i) => [happened[i]?.id ?? -1, window]),
  );
  const isLeftOut = (id: number): boolean => {
    const f = history.operations[id]?.f ?? "";
    const isLook = f.startsWith("scan") || (f === "read" && model.name === "set");
    return isLook && scan === "per-key";
  };
  let states = [model.initial];
  let moment = -1;
  for (const id of witness) {
    const window = windows.get(id);
    const call = window?.call ?? null;
    if (window === undefined || call === null) return `operation ${id} is in the witness`;
    if (window.to <= moment) return `operation ${id} comes too late`;
    moment = Math.max(moment, window.from);
    states = states.flatMap((state) => model.step(state, call));
    if (states.length === 0) return `operation ${id} is not legal`;
  }
  const told = new Set(witness);
  for (const [id, { isRequired }] of windows) {
    if (isRequired && !told.has(id) && !isLeftOut(id)) return `operation ${id} is missing`;
  }
  return told.size === witness.length ? null : "an operation happens twice";
}
