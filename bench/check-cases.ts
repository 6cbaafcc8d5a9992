import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  casRegister,
  type CheckOptions,
  type History,
  HistoryBuilder,
  type HistoryEvent,
  kvMap,
  type Model,
  readHistory,
  type ScanRule,
} from "../src/linearizability/index.ts";
import {
  badCrash,
  type Family,
  familyOf,
  generate,
  regSmall,
  regWrites,
  scans,
  smallBad,
} from "./check-families.ts";

/** What is checked, all together, in one measurement. */
export interface Sample {
  readonly history: History;
  readonly model: Model;
  readonly options: CheckOptions;
}

/** A row of the table. */
export interface Case {
  readonly name: string;
  /** How often a process measures, and the seeds of each round. */
  readonly rounds: number;
  readonly seeds: readonly number[];
  /** How many threads check, if more than one. */
  readonly threads?: number;
  /** Null if what it needs is not there. */
  samples(seed: number): readonly Sample[] | null;
  /** What Porcupine took, in words; and what we aim at, in milliseconds, or null. */
  readonly porcupine: string;
  readonly aimMs: number | null;
}

type Hint = "versions" | "witness";

const UNIQUE = { mix: { write: 35, cas: 15 } };
const KV = { mix: { put: 35, cas: 10, delete: 5 } };
const regUnique = familyOf("reg-uniq", UNIQUE);
const uniqueBad = familyOf("reg-uniq-bad", { ...UNIQUE, isBroken: true });
const kv = (keys: number): Family => familyOf(`kv${keys}-uniq`, { ...KV, keys });
const hotKeys = familyOf("kv8-small", { mix: { put: 25, cas: 25 }, keys: 8, values: 5 });

function row(
  of: Family,
  clients: number,
  operations: number,
  porcupine: string,
  aimMs: number | null = null,
  scan: ScanRule = "atomic",
  hint: Hint | null = null,
): Case {
  const words = [of.name, `${clients}x${operations}`];
  if (of.mix["scan"] !== undefined) words.push(scan);
  if (hint !== null) words.push(hint);
  return {
    name: words.join(" "),
    rounds: operations >= 1_000_000 ? 2 : 3,
    seeds: operations >= 100_000 ? [1] : [1, 2, 3],
    samples: (seed) => {
      const history = generate({ ...of, isVersioned: hint !== null }, clients, operations, seed);
      const model = of.keys === 0 ? casRegister() : kvMap();
      const options =
        hint === "witness" ? { scan, versions: false, witness: applied(history) } : { scan };
      return [{ history, model, options }];
    },
    porcupine,
    aimMs,
  };
}

/** A row to be compared with its neighbour, of another number of threads. */
function inThreads(threads: number): Case {
  const single = row(hotKeys, 240, 40_000, "-");
  return { ...single, name: `${single.name} threads ${threads}`, threads };
}

/** Ids in the order in which the operations took effect. */
function applied({ operations }: History): number[] {
  const known = operations.filter(({ version }) => version !== null);
  return known.toSorted((a, b) => (a.version ?? 0) - (b.version ?? 0)).map(({ id }) => id);
}

/**
 * All writers and readers of a register overlap, each value being written and found once; and amid
 * them one value is found, lost, and found again.
 */
function storm(clients: number): Case {
  const history = (): History => {
    const builder = new HistoryBuilder();
    const place = { file: "storm", line: 1 };
    const add = (
      type: HistoryEvent["type"],
      process: string,
      f: string,
      value: unknown = null,
    ): void => {
      builder.add({ type, process, f, key: null, value, time: null, place });
    };
    for (let i = 0; i < clients; i++) add("invoke", `w${i}`, "write", i);
    for (let i = 0; i < clients; i++) add("invoke", `r${i}`, "read");
    for (const value of [0, 1, 0]) {
      add("invoke", "p", "read");
      add("ok", "p", "read", value);
    }
    for (let i = 0; i < clients; i++) add("ok", `r${i}`, "read", i);
    for (let i = 0; i < clients; i++) add("ok", `w${i}`, "write");
    return builder.build();
  };
  return {
    name: `reg-storm-bad ${clients * 2}x${clients * 2}`,
    rounds: 3,
    seeds: [1],
    samples: () => [{ history: history(), model: casRegister(), options: {} }],
    porcupine: "-",
    aimMs: null,
  };
}

/** All logs of etcd, one after the other, where they lie beside the project. */
const etcd: Case = {
  name: "etcd logs, all together",
  rounds: 12,
  seeds: [1],
  samples: () => {
    const histories = process.env["HISTORIES"] ?? join("..", "shared", "histories");
    const directory = join(histories, "etcd");
    let files: string[];
    try {
      files = readdirSync(directory).filter((name) => name.endsWith(".log"));
    } catch {
      return null;
    }
    return files.map((file) => ({
      history: readHistory(readFileSync(join(directory, file)), { file }),
      model: casRegister(),
      options: {},
    }));
  },
  porcupine: "440-470 ms",
  aimMs: 20,
};

/** The rows, in the order in which they are printed. */
export const CASES: readonly Case[] = [
  row(regSmall, 10, 1_000, "20 ms"),
  row(regSmall, 10, 10_000, "0.71 s", 100),
  row(regSmall, 10, 100_000, "timeout", 600),
  row(regSmall, 30, 1_000, "timeout"),
  row(regSmall, 30, 10_000, "timeout", 500),
  row(regSmall, 30, 100_000, "out of memory", 5_000),
  row(regUnique, 10, 1_000, "68 ms"),
  row(regUnique, 10, 10_000, "1.6 s"),
  row(regUnique, 10, 100_000, "out of memory"),
  row(regUnique, 30, 1_000, "timeout", 500),
  row(regUnique, 30, 10_000, "timeout", 5_000),
  row(regUnique, 30, 100_000, "out of memory", 60_000),
  row(regWrites, 10, 10_000, "3.6 s"),
  row(regWrites, 30, 1_000, "timeout"),
  row(regWrites, 30, 10_000, "timeout"),
  row(regWrites, 30, 100_000, "timeout", 1_000),
  row(smallBad, 10, 1_000, "0.48 s"),
  row(smallBad, 10, 10_000, "17 s"),
  row(smallBad, 30, 10_000, "-"),
  row(uniqueBad, 10, 1_000, "0.35 s"),
  row(uniqueBad, 10, 10_000, "13 s"),
  storm(8),
  storm(100),
  storm(20_000),
  row(badCrash(0), 10, 1_000, "0.41 s"),
  row(badCrash(5), 10, 1_000, "2.7 s"),
  row(badCrash(10), 10, 1_000, "39 s"),
  row(badCrash(20), 10, 1_000, "timeout", 2_000),
  row(kv(10), 30, 1_000, "2.6 ms"),
  row(kv(10), 30, 10_000, "41 ms"),
  row(kv(10), 30, 100_000, "492 ms", 200),
  row(kv(100), 30, 100_000, "161 ms"),
  row(kv(100), 30, 1_000_000, "-", 3_000),
  inThreads(1),
  inThreads(2),
  row(scans, 10, 1_000, "0.27-0.75 s"),
  row(scans, 10, 10_000, "-", 1_000, "per-key"),
  row(scans, 10, 10_000, "16 s", 10_000),
  etcd,
  row(regSmall, 30, 100_000, "out of memory", null, "atomic", "versions"),
  row(regSmall, 30, 100_000, "out of memory", null, "atomic", "witness"),
  row(regUnique, 30, 100_000, "out of memory", null, "atomic", "versions"),
  row(regUnique, 30, 100_000, "out of memory", null, "atomic", "witness"),
  row(kv(100), 30, 1_000_000, "-", null, "atomic", "witness"),
  row(scans, 10, 10_000, "16 s", null, "atomic", "versions"),
  row(scans, 10, 10_000, "16 s", null, "atomic", "witness"),
];
