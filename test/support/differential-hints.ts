import {
  checkHistory,
  type CheckOptions,
  type CrashRule,
  type History,
  type Verdict,
} from "../../src/linearizability/index.ts";
import { createPrng, type Prng } from "../../src/task/index.ts";
import { witnessFault } from "./differential.ts";
import { DRAWINGS, randomHistory } from "./random-history.ts";

export interface HintTally {
  histories: number;
  linearizable: number;
  /** Checks with a hint that told the truth, and how many of them had to search all the same. */
  right: number;
  searched: number;
  readonly differences: string[];
}

type Versions = (id: number) => number | null;

const RULES: readonly CrashRule[] = ["durable", "strict", "ignored", "buffered"];

/**
 * Checks random histories without a hint and with hints that are right, wrong, partial and equal:
 * the verdict must be the same, and every witness one.
 */
export function compareHints(count: number, seed: string): HintTally {
  const tally: HintTally = {
    histories: 0,
    linearizable: 0,
    right: 0,
    searched: 0,
    differences: [],
  };
  for (let i = 0; i < count && tally.differences.length < 5; i++) {
    const prng = createPrng(`${seed} ${i}`);
    const drawing = DRAWINGS[i % DRAWINGS.length];
    if (drawing === undefined) continue;
    const shape = { processes: 2 + prng.below(4), failed: 6, undecided: 8, isBuffered: false };
    const crash = prng.below(3) === 0 ? 5 : 0;
    const operations = 4 + prng.below(12);
    const lies = prng.below(3);
    const history = randomHistory(drawing, { ...shape, operations, crash, lies }, prng);
    const options: CheckOptions = {
      crash: RULES[prng.below(RULES.length)] ?? "durable",
      scan: prng.below(4) === 0 ? "per-key" : "atomic",
      partition: prng.below(4) > 0,
    };
    const { model } = drawing;
    const plain = checkHistory(history, model, options);
    const ids = history.operations.map(({ id }) => id);
    const truth = plain.kind === "linearizable" ? plain.witness : shuffled(ids, prng);
    tally.histories++;
    if (plain.kind === "linearizable") tally.linearizable++;
    for (const [name, hinted, more, isRight] of variants(history, truth, prng)) {
      const verdict = checkHistory(hinted, model, { ...options, ...more });
      if (isRight && plain.kind === "linearizable") {
        tally.right++;
        if (verdict.explored > 0) tally.searched++;
      }
      const fault = faultOf(verdict, plain, () =>
        verdict.kind === "linearizable" && options.crash !== "buffered"
          ? witnessFault(history, model, verdict.witness, options)
          : null,
      );
      if (fault !== null)
        tally.differences.push(`${drawing.name}, ${seed} ${i}, ${name}: ${fault}`);
    }
  }
  return tally;
}

function variants(
  history: History,
  truth: readonly number[],
  prng: Prng,
): [name: string, history: History, options: CheckOptions, isRight: boolean][] {
  const places = new Map(truth.map((id, place) => [id, place]));
  const writes = truth.filter((id) => !/^(read|get|scan.*|contains)$/.test(fOf(history, id)));
  const mixed = shuffled(truth, prng);
  const lossy: Versions = (id) => (prng.below(2) === 0 ? null : (places.get(id) ?? null));
  return [
    ["order", history, { witness: truth }, true],
    ["order of writes", history, { witness: writes }, true],
    ["shuffled order", history, { witness: mixed }, false],
    ["half an order", history, { witness: truth.filter((_, i) => i % 2 === 0) }, false],
    ["nonsense", history, { witness: [...truth, 0, 0, -1, 0.5, 99, Number.NaN] }, false],
    ["versions", versioned(history, (id) => places.get(id) ?? null), {}, true],
    ["coarse", versioned(history, (id) => (places.get(id) ?? 0) >> 2), {}, false],
    ["some versions", versioned(history, lossy), {}, false],
    ["equal versions", versioned(history, () => 7), {}, false],
    ["wrong versions", versioned(history, (id) => mixed.indexOf(id)), {}, false],
    [
      "versions and order",
      versioned(history, (id) => places.get(id) ?? null),
      { witness: mixed },
      false,
    ],
  ];
}

function versioned(history: History, version: Versions): History {
  const operations = history.operations.map((operation) => {
    const isTold = operation.outcome === "ok";
    return { ...operation, version: isTold ? version(operation.id) : null };
  });
  return { ...history, operations };
}

function faultOf(verdict: Verdict, plain: Verdict, witness: () => string | null): string | null {
  return verdict.kind === plain.kind ? witness() : `${verdict.kind}, without it ${plain.kind}`;
}

function fOf(history: History, id: number): string {
  return history.operations[id]?.f ?? "";
}

function shuffled(items: readonly number[], prng: Prng): number[] {
  const left = [...items];
  const mixed: number[] = [];
  while (left.length > 0) mixed.push(...left.splice(prng.below(left.length), 1));
  return mixed;
}
