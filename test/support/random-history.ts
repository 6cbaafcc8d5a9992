import {
  anyState,
  type Call,
  casRegister,
  counter,
  type EventType,
  fifoQueue,
  type History,
  HistoryBuilder,
  kvMap,
  type Model,
  multiRegister,
  mutex,
  register,
  semaphore,
  setModel,
  stack,
} from "../../src/linearizability/index.ts";
import type { Prng } from "../../src/task/index.ts";

/** How to draw calls of one model, and all answers that a call could get. */
export interface Drawing {
  readonly name: string;
  readonly model: Model;
  draw(prng: Prng): { f: string; key: string | null; input: unknown };
  answers(call: { f: string; key: string | null; input: unknown }): readonly unknown[];
}

const VALUES = [0, 1, 2] as const;
const KEYS = ["a", "b"] as const;
const pick = <T>(prng: Prng, from: readonly [T, ...T[]]): T =>
  from[prng.below(from.length)] ?? from[0];
const value = (prng: Prng): number => pick(prng, VALUES);

/** A register whose writes may get lost: a model of a user's own, and nondeterministic. */
export const lossyRegister: Model = anyState<number | null>({
  name: "lossy-register",
  initial: null,
  step: (state, { f, input, output, outcome }) => {
    if (f === "write") return [state, Number(input)];
    return outcome !== "ok" || output === state ? [state] : [];
  },
  observes: ({ f }) => f === "read",
});

const registerCalls = (
  name: string,
  model: Model,
  fs: readonly [string, ...string[]],
): Drawing => ({
  name,
  model,
  draw: (prng) => {
    const f = pick(prng, fs);
    const input = f === "write" ? value(prng) : f === "cas" ? [value(prng), value(prng)] : null;
    return { f, key: null, input };
  },
  answers: ({ f, input }) =>
    f === "read" ? [null, ...VALUES] : f === "cas" ? [true, false] : [input],
});

const kvCalls = (name: string, model: Model, fs: readonly [string, ...string[]]): Drawing => ({
  name,
  model,
  draw: (prng) => {
    const f = pick(prng, fs);
    if (f.startsWith("scan")) {
      return {
        f,
        key: null,
        input: pick(prng, [
          ["a", "b"],
          ["a", "a"],
          ["a", "c"],
          ["b", "c"],
        ]),
      };
    }
    const input = f === "cas" ? [value(prng), value(prng)] : f === "append" ? "x" : value(prng);
    const hasInput = f !== "get" && f !== "delete";
    return { f, key: pick(prng, KEYS), input: hasInput ? input : null };
  },
  answers: ({ f, input }) => {
    if (f === "get") return fs.includes("append") ? ["", "x", "xx"] : [null, ...VALUES];
    if (f === "put" || f === "append") return [input];
    if (!f.startsWith("scan")) return [true, false];
    const lists = [null, ...VALUES].flatMap((a) =>
      [null, ...VALUES].map((b) =>
        [["a", a] as const, ["b", b] as const].filter(([, found]) => found !== null),
      ),
    );
    return f === "scan"
      ? [
          ...lists,
          [
            ["b", 0],
            ["a", 0],
          ],
        ]
      : lists.map((list) => list.toReversed());
  },
});

const itemCalls = (
  name: string,
  model: Model,
  fs: readonly [string, ...string[]],
  answers: (f: string) => readonly unknown[],
): Drawing => ({
  name,
  model,
  draw: (prng) => ({ f: pick(prng, fs), key: null, input: value(prng) }),
  answers: ({ f }) => answers(f),
});

const FLAGS = [true, false] as const;
const SUBSETS = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [1, 1]] as const;

/** One for each model that the checker ships, and one that it does not. */
export const DRAWINGS: readonly Drawing[] = [
  registerCalls("register", register(), ["read", "write"]),
  registerCalls("cas-register", casRegister(), ["read", "write", "cas"]),
  registerCalls("wildcard", casRegister({ initial: 0, nullReads: "wildcard" }), ["read", "cas"]),
  kvCalls("kv", kvMap(), ["get", "put", "insert", "delete", "cas"]),
  kvCalls("kv wildcard", kvMap({ initial: 0, nullReads: "wildcard" }), ["get", "put", "cas"]),
  kvCalls("kv scans", kvMap(), ["put", "delete", "scan", "scan-back", "get"]),
  kvCalls("kv scans wildcard", kvMap({ nullReads: "wildcard" }), ["put", "delete", "scan", "get"]),
  kvCalls("kv from 1", kvMap({ initial: 1 }), ["get", "put", "insert", "delete", "cas", "scan"]),
  kvCalls("kv from 1 wildcard", kvMap({ initial: 1, nullReads: "wildcard" }), [
    "get",
    "put",
    "delete",
    "scan",
    "scan-back",
  ]),
  kvCalls("kv append and delete", kvMap({ initial: "" }), ["get", "append", "delete", "insert"]),
  kvCalls("kv append", kvMap({ initial: "" }), ["get", "append"]),
  itemCalls("set", setModel(), ["add", "remove", "contains"], () => FLAGS),
  itemCalls("set reads", setModel(), ["add", "remove", "read"], (f) =>
    f === "read" ? SUBSETS : [null],
  ),
  itemCalls("counter", counter(), ["add", "subtract", "read"], (f) =>
    f === "read" ? [-2, -1, 0, 1, 2, 3, 4] : [null],
  ),
  itemCalls("counter of echoes", counter({ initial: 2, echoes: true }), ["add", "read"], (f) =>
    f === "read" ? [0, 1, 2, 3, 4, 5] : [null, 0, 1, 2, 3],
  ),
  itemCalls("queue", fifoQueue(), ["enqueue", "dequeue"], (f) =>
    f === "dequeue" ? [null, ...VALUES] : [null],
  ),
  itemCalls("stack", stack(), ["push", "pop"], (f) => (f === "pop" ? [null, ...VALUES] : [null])),
  itemCalls("mutex", mutex(), ["acquire", "release"], () => FLAGS),
  {
    ...itemCalls("semaphore", semaphore(2), ["acquire", "release"], () => FLAGS),
    draw: (prng) => ({ f: pick(prng, ["acquire", "release"]), key: null, input: null }),
  },
  transactions("multi-register", multiRegister({ x: 0, y: 0 }), VALUES),
  transactions("multi-register wildcard", multiRegister({ x: 0 }, { nullReads: "wildcard" }), [
    null,
    ...VALUES,
  ]),
  registerCalls("lossy-register", lossyRegister, ["read", "write"]),
];
function transactions(name: string, model: Model, found: readonly unknown[]): Drawing {
  return {
    name,
    model,
    draw: (prng) => {
      const f = pick(prng, ["read", "write"]);
      const names = pick(prng, [["x"], ["y"], ["x", "y"]]);
      const steps = names.map((each) => [f, each, f === "write" ? value(prng) : null]);
      return { f: "txn", key: null, input: steps };
    },
    answers: ({ input }) => {
      const steps = input as [string, string, unknown][];
      if (steps[0]?.[0] === "write") return [input];
      return found.flatMap((a) =>
        found.map((b) => steps.map(([f, each], i) => [f, each, i === 0 ? a : b])),
      );
    },
  };
}

export interface HistoryShape {
  readonly operations: number;
  readonly processes: number;
  /** Chances, in percent: an operation fails or stays undecided; a crash before an event. */
  readonly failed: number;
  readonly undecided: number;
  readonly crash: number;
  /** Whether a crash may lose what had returned, and an undecided operation happen after it. */
  readonly isBuffered: boolean;
  /** How many answers are made up. */
  readonly lies: number;
}

interface Running {
  readonly call: { f: string; key: string | null; input: unknown };
  answer: unknown;
  isDone: boolean;
}

/** Runs clients against the model, each call taking effect at a moment between its two events. */
export function randomHistory(drawing: Drawing, shape: HistoryShape, prng: Prng): History {
  const builder = new HistoryBuilder();
  const running = new Map<number, Running>();
  const liars = new Set(Array.from({ length: shape.lies }, () => prng.below(shape.operations)));
  const { model } = drawing;
  let states: unknown[] = [model.initial];
  let begun = 0;
  let ended = 0;
  let line = 0;
  const add = (type: EventType, process: number, call: Running["call"], answer: unknown): void => {
    const place = { file: drawing.name, line: ++line };
    const { f, key } = call;
    builder.add({ type, process: `p${process}`, f, key, value: answer, time: null, place });
  };
  while (begun < shape.operations || running.size > 0) {
    if (prng.below(100) < shape.crash) {
      add("crash", 0, { f: "", key: null, input: null }, null);
      running.clear();
      states = [shape.isBuffered ? states[prng.below(states.length)] : states.at(-1)];
      if (begun === shape.operations) break;
    }
    const process = prng.below(shape.processes);
    const own = running.get(process);
    if (own === undefined) {
      if (begun === shape.operations) continue;
      begun++;
      const call = drawing.draw(prng);
      running.set(process, { call, answer: null, isDone: false });
      add("invoke", process, call, call.input);
    } else if (!own.isDone && prng.below(3) > 0) {
      const next = perform(drawing, states.at(-1), own, prng);
      if (next === null) continue;
      states.push(next);
      own.isDone = true;
    } else if (!own.isDone) {
      // It ends undone: as failed, or so that nobody knows; or it stays open for ever.
      const isBusy = ended + running.size < shape.operations;
      const chance = prng.below(100);
      if (chance < shape.failed) add("fail", process, own.call, null);
      else if (chance < shape.failed + shape.undecided) add("info", process, own.call, null);
      else if (isBusy || states.length > 0) {
        const next = perform(drawing, states.at(-1), own, prng);
        if (next !== null) {
          states.push(next);
          own.isDone = true;
          continue;
        }
        add("fail", process, own.call, null);
      }
      running.delete(process);
      ended++;
    } else {
      const isLie = liars.has(ended);
      const truth = JSON.stringify(own.answer);
      const untrue = drawing.answers(own.call).filter((each) => JSON.stringify(each) !== truth);
      const answer = isLie && untrue.length > 0 ? untrue[prng.below(untrue.length)] : own.answer;
      ended++;
      running.delete(process);
      if (prng.below(100) >= shape.undecided) add("ok", process, own.call, answer ?? null);
      else if (prng.below(2) === 0) add("info", process, own.call, null);
      else break;
    }
  }
  return builder.build();
}

/** Does the call in `state` and notes its answer; gives the next state, null if there is none. */
function perform(drawing: Drawing, state: unknown, own: Running, prng: Prng): unknown {
  const answers = [...drawing.answers(own.call)];
  while (answers.length > 0) {
    const [answer] = answers.splice(prng.below(answers.length), 1);
    const call: Call = { ...own.call, output: answer ?? null, outcome: "ok" };
    const next = drawing.model.step(state, call);
    if (next.length === 0) continue;
    own.answer = answer ?? null;
    return next[prng.below(next.length)];
  }
  return null;
}
