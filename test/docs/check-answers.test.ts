import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Call,
  isEchoing,
  type Model,
  modelNamed,
  type NamedModelOptions,
} from "../../src/linearizability/index.ts";

// The table of docs/check.md is what the models do: each of its cells is tried.

const page = readFileSync(new URL("../../docs/check.md", import.meta.url), "utf8");
const section = /^## Answers that say little\n([\s\S]*?)^## /m.exec(page)?.[1] ?? "";

type Meaning =
  | "nothing there"
  | "says nothing"
  | "ignored"
  | "refused"
  | "did it"
  | "the new value";

interface Claim {
  readonly model: string;
  readonly f: string;
  readonly answer: "null" | "argument";
  readonly option: NamedModelOptions;
  readonly meaning: Meaning;
}

/** Names in backquotes. */
const namesIn = (cell: string): string[] =>
  [...cell.matchAll(/`([a-z-]+)`/g)].map((m) => m[1] ?? "");

const OPTIONS: Readonly<Record<string, NamedModelOptions>> = {
  "": {},
  "`--nil unknown`": { nullReads: "wildcard" },
  "`--nil absent`": { nullReads: "value" },
  "in EDN, where all do so": { echoes: true },
};

/** `nothing there; `--nil unknown`: says nothing` is two meanings, the second under an option. */
function meaningsIn(cell: string): readonly (readonly [NamedModelOptions, Meaning])[] {
  if (cell.trim() === "") return [];
  return cell.split(";").map((part) => {
    const [, option = "", meaning = ""] = /^\s*(?:(.*): )?(.*?)\s*$/.exec(part) ?? [];
    expect(Object.keys(OPTIONS)).toContain(option);
    return [OPTIONS[option] ?? {}, meaning as Meaning];
  });
}

const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").slice(1, -1));
const claims = rows.flatMap(([models = "", fs = "", ...cells]) =>
  namesIn(models).flatMap((model) =>
    namesIn(fs).flatMap((f) =>
      cells.flatMap((cell, i) =>
        meaningsIn(cell).map(([option, meaning]): Claim => ({
          model,
          f,
          answer: i === 0 ? "null" : "argument",
          option,
          meaning,
        })),
      ),
    ),
  ),
);

const ARGUMENTS: Readonly<Record<string, unknown>> = {
  write: 1,
  put: 1,
  insert: 1,
  append: "x",
  cas: [1, 2],
  scan: ["a", "c"],
  "scan-back": ["a", "c"],
  enqueue: 1,
  push: 1,
  acquire: 1,
  release: 1,
  txn: [["read", "x", null]],
};
const OF_MODEL: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  set: { add: 1, remove: 1, contains: 1 },
  counter: { add: 3, subtract: 3 },
};

/** Calls that bring an object into states that differ. */
const BEFORE: readonly (readonly [f: string, input: unknown, output: unknown])[] = [
  ["write", 1, null],
  ["write", 5, null],
  ["put", 1, null],
  ["put", 5, null],
  ["add", 1, null],
  ["add", 5, null],
  ["enqueue", 1, null],
  ["push", 1, null],
  ["acquire", 1, null],
  ["txn", [["write", "x", 1]], null],
];

function statesOf(model: Model): unknown[] {
  const states: unknown[] = [model.initial];
  for (const [f, input, output] of BEFORE) {
    const call: Call = { f, key: "a", input, output, outcome: "ok" };
    if ((model.fault?.(call) ?? null) === null) states.push(...model.step(model.initial, call));
  }
  return states;
}

const after = (model: Model, state: unknown, call: Call): string =>
  JSON.stringify(model.step(state, call).map((next) => model.stateKey?.(next) ?? next));

const READS = ["read", "get", "dequeue", "pop", "txn"];

/** What does not hold of a claim, in any state there is. */
function breachesOf({ model: name, f, answer, option, meaning }: Claim): string[] {
  const model = modelNamed(name, option);
  const input = OF_MODEL[name]?.[f] ?? ARGUMENTS[f] ?? null;
  if (answer === "argument" && input === null) return ["there is no argument"];
  const call: Call = {
    f,
    key: "a",
    input,
    output: answer === "null" ? null : input,
    outcome: "ok",
  };
  const isRefused = (model.fault?.(call) ?? null) !== null;
  if (isRefused || meaning === "refused") {
    return isRefused === (meaning === "refused") ? [] : [`refused: ${isRefused}`];
  }
  const states = statesOf(model);
  const breaches = states.length > 1 ? [] : ["one state says nothing"];
  for (const state of states) {
    const got = after(model, state, call);
    const wanted = wantedAfter(name, model, state, call, meaning);
    if (got !== wanted) breaches.push(`in ${JSON.stringify(state)}: ${got} and not ${wanted}`);
    const other = after(model, state, { ...call, output: "something else" });
    if (meaning === "ignored" && got !== other) breaches.push(`another answer: ${other}`);
  }
  return breaches;
}

function wantedAfter(
  name: string,
  model: Model,
  state: unknown,
  call: Call,
  meaning: Exclude<Meaning, "refused">,
): string {
  const { f } = call;
  switch (meaning) {
    case "nothing there": {
      const isEmpty =
        state === model.initial && !["knossos-cas-register", "kv-append"].includes(name);
      const same = JSON.stringify([model.stateKey?.(state) ?? state]);
      return isEmpty && READS.includes(f) ? same : "[]";
    }
    case "the new value":
      return Number(state) + (f === "add" ? 3 : -3) === 3 ? "[3]" : "[]";
    case "did it":
      return after(model, state, { ...call, output: true });
    case "says nothing":
    case "ignored":
      return after(model, state, { ...call, output: null, outcome: "info" });
  }
}

/** Two models in a row have operations of their own. */
const isOwn = ({ model, f }: Claim): boolean =>
  !(model === "queue" && ["push", "pop"].includes(f)) &&
  !(model === "stack" && ["enqueue", "dequeue"].includes(f));

describe("the table of answers that say little", () => {
  it("has a row for every operation that the models read", () => {
    const help = readFileSync(new URL("../cli/help/check.txt", import.meta.url), "utf8");
    const wanted = [
      ...["read", "write"].map((f) => `register ${f}`),
      ...["read", "write", "cas"].map((f) => `knossos-cas-register ${f}`),
      ...["get", "put", "insert", "delete", "cas", "append", "scan"].map((f) => `kv ${f}`),
      ...["add", "remove", "contains", "read"].map((f) => `set ${f}`),
      ...["add", "subtract", "read"].map((f) => `counter ${f}`),
      ...["enqueue", "dequeue"].map((f) => `queue ${f}`),
      ...["push", "pop"].map((f) => `stack ${f}`),
      ...["acquire", "release"].flatMap((f) => [`mutex ${f}`, `semaphore ${f}`]),
      "multi-register txn",
    ];
    const told = new Set(claims.map(({ model, f }) => `${model} ${f}`));
    expect(wanted.filter((each) => !told.has(each))).toEqual([]);
    for (const each of wanted) expect(help).toContain(each.split(" ")[1]);
  });

  it.each(claims.filter(isOwn))(
    "of $model: $f answers its $answer ($option): $meaning",
    (claim) => {
      expect(breachesOf(claim)).toEqual([]);
    },
  );

  it("takes a counter for one of echoes where all answers are the argument", () => {
    const add = (input: number | null, output: unknown): Call => ({
      f: "add",
      key: null,
      input,
      output,
      outcome: "ok",
    });
    const read: Call = { f: "read", key: null, input: null, output: 7, outcome: "ok" };
    expect(isEchoing([add(5, 5), read, add(2, 2), add(1, null)])).toBe(true);
    expect(isEchoing([add(5, 5), read, add(2, 7)])).toBe(false);
    expect(isEchoing([add(null, 1)])).toBe(false);
    expect(isEchoing([add(1, null), read])).toBe(false);
  });
});
