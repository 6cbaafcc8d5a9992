import {
  type Call,
  casRegister,
  type EventType,
  type History,
  HistoryBuilder,
  kvMap,
  mutex,
  register,
  setModel,
} from "../../src/linearizability/index.ts";
import type { Prng } from "../../src/task/index.ts";
import type { Drawing } from "./random-history.ts";

type Asked = Parameters<Drawing["answers"]>[0];

const pick = <T>(prng: Prng, from: readonly [T, ...T[]]): T =>
  from[prng.below(from.length)] ?? from[0];

function bits(
  name: string,
  initial: number | null,
  fs: readonly [string, ...string[]],
  values: number,
): Drawing {
  return {
    name,
    model: fs.includes("cas") ? casRegister({ initial }) : register({ initial }),
    draw: (prng) => {
      const f = pick(prng, fs);
      const value = prng.below(values);
      const input = f === "write" ? value : f === "cas" ? [prng.below(values), value] : null;
      return { f, key: null, input };
    },
    answers: ({ f }) => {
      if (f === "write") return [null];
      return f === "cas" ? [true, false] : [null, ...Array.from({ length: values }, (_, i) => i)];
    },
  };
}

const RANGES: readonly [readonly string[], ...(readonly string[])[]] = [
  ["a", "z"],
  ["a", "b"],
  ["b", "c"],
  ["b", "b"],
  ["c", "d"],
  ["x", "y"],
];

function map(
  name: string,
  keys: readonly [string, ...string[]],
  fs: readonly [string, ...string[]],
): Drawing {
  const lists = keys.reduce<readonly (readonly [string, number])[][]>(
    (all, key) => all.flatMap((list) => [list, [...list, [key, 0]], [...list, [key, 1]]]),
    [[]],
  );
  const value = (prng: Prng): number | null => (prng.below(6) === 0 ? null : prng.below(2));
  return {
    name,
    model: kvMap(),
    draw: (prng) => {
      const f = pick(prng, fs);
      if (f.startsWith("scan")) return { f, key: null, input: [...pick(prng, RANGES)] };
      const isBlank = f === "get" || f === "delete";
      const input = f === "cas" ? [value(prng), value(prng)] : isBlank ? null : value(prng);
      return { f, key: pick(prng, keys), input };
    },
    answers: ({ f }) => {
      if (f === "put") return [null];
      if (f === "get") return [null, 0, 1];
      if (f === "scan") return [...lists, [["zz", 0]]];
      return f === "scan-back" ? lists.map((list) => list.toReversed()) : [true, false];
    },
  };
}

/** Few values, so that many operations are alike; chains of cas; scans of up to three keys. */
export const HOSTILE: readonly [Drawing, ...Drawing[]] = [
  bits("two values", null, ["read", "write", "cas", "cas"], 2),
  bits("mostly writes", null, ["read", "write", "write", "write", "cas"], 2),
  bits("chains of cas", 0, ["read", "cas", "cas", "cas"], 3),
  bits("many values", null, ["read", "write"], 9),
  map("one key", ["a"], ["get", "put", "insert", "delete", "cas"]),
  map("two keys", ["a", "b"], ["put", "cas", "insert", "delete", "scan"]),
  map("three keys", ["a", "b", "c"], ["put", "put", "delete", "scan", "scan-back", "get"]),
  {
    name: "three elements",
    model: setModel(),
    draw: (prng) => {
      const f = pick(prng, ["add", "remove", "read", "contains"]);
      return { f, key: null, input: f === "read" ? null : prng.below(3) };
    },
    answers: ({ f }) => {
      if (f === "read") return [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [1, 1]];
      return f === "contains" ? [true, false] : [true, false, null];
    },
  },
  {
    name: "one permit",
    model: mutex(),
    draw: (prng) => ({ f: pick(prng, ["acquire", "release"]), key: null, input: null }),
    answers: () => [true, false, null],
  },
];

interface Running {
  readonly process: string;
  readonly call: Asked;
  answer: unknown;
  isDone: boolean;
}

/**
 * Up to nine operations, most of them open at once and many of them undecided for ever; one that
 * is undecided may take effect late, crashes may lose what had returned, and answers may lie.
 */
export function hostileHistory(drawing: Drawing, prng: Prng): History {
  return new HostileRun(drawing, prng).run();
}

class HostileRun {
  readonly #drawing: Drawing;
  readonly #prng: Prng;
  readonly #builder = new HistoryBuilder();
  readonly #operations: number;
  readonly #undecided: number;
  #states: unknown[];
  #open: Running[] = [];
  #late: Running[] = [];
  #lies: number;
  #begun = 0;
  #line = 0;

  constructor(drawing: Drawing, prng: Prng) {
    this.#drawing = drawing;
    this.#prng = prng;
    this.#operations = 4 + prng.below(6);
    this.#undecided = pick(prng, [0, 10, 30, 60]);
    this.#lies = prng.below(4);
    this.#states = [drawing.model.initial];
  }

  run(): History {
    const prng = this.#prng;
    const openMost = 2 + prng.below(6);
    const patience = pick(prng, [2, 4, 9]);
    const crash = pick(prng, [0, 0, 5, 15]);
    const keepsAll = prng.below(3) > 0;
    while (this.#begun < this.#operations || this.#open.length > 0) {
      if (prng.below(100) < crash) this.#crash(keepsAll);
      if (prng.below(4) === 0) for (const each of this.#late.splice(0, 1)) this.#perform(each);
      const mayBegin = this.#begun < this.#operations && this.#open.length < openMost;
      if (mayBegin && (this.#open.length === 0 || prng.below(patience) > 0)) this.#begin();
      else for (const each of this.#open.splice(prng.below(this.#open.length), 1)) this.#go(each);
    }
    return this.#builder.build();
  }

  #begin(): void {
    const call = this.#drawing.draw(this.#prng);
    const running = { process: `p${this.#begun++}`, call, answer: null, isDone: false };
    this.#open.push(running);
    this.#add("invoke", running, call.input);
  }

  #crash(keepsAll: boolean): void {
    const kept = keepsAll ? this.#states.length - 1 : this.#prng.below(this.#states.length);
    this.#add("crash", null, null);
    this.#open = [];
    this.#late = [];
    this.#states = [this.#states[kept]];
  }

  /** Lets an operation that was taken out of the open ones take effect, or end. */
  #go(running: Running): void {
    const prng = this.#prng;
    if (!running.isDone) {
      if (prng.below(100) < this.#undecided) {
        this.#late.push(running);
        if (prng.below(2) === 0) this.#add("info", running, null);
      } else if (this.#perform(running)) this.#open.push(running);
      else this.#add("fail", running, null);
    } else if (prng.below(100) < this.#undecided / 2) {
      if (prng.below(2) === 0) this.#add("info", running, null);
    } else this.#add("ok", running, this.#told(running));
  }

  #told({ call, answer }: Running): unknown {
    const prng = this.#prng;
    const truth = JSON.stringify(answer);
    const untrue = this.#drawing.answers(call).filter((each) => JSON.stringify(each) !== truth);
    if (this.#lies === 0 || untrue.length === 0 || prng.below(this.#operations) > 2) return answer;
    this.#lies--;
    return untrue[prng.below(untrue.length)];
  }

  #perform(running: Running): boolean {
    const { model } = this.#drawing;
    const left = [...this.#drawing.answers(running.call)];
    while (left.length > 0) {
      const answer = left.splice(this.#prng.below(left.length), 1)[0] ?? null;
      const call: Call = { ...running.call, output: answer, outcome: "ok" };
      const next = model.step(this.#states.at(-1), call);
      if (next.length === 0) continue;
      this.#states.push(next[this.#prng.below(next.length)]);
      running.isDone = true;
      running.answer = answer;
      return true;
    }
    return false;
  }

  #add(type: EventType, running: Running | null, value: unknown): void {
    const { process, call } = running ?? { process: "", call: { f: "", key: null } };
    const place = { file: this.#drawing.name, line: ++this.#line };
    this.#builder.add({ type, process, f: call.f, key: call.key, value, time: null, place });
  }
}
