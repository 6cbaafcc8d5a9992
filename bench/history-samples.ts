import { jsonLineOf, type WrittenEvent } from "../src/linearizability/index.ts";
import type { Prng } from "../src/task/index.ts";

/** A small history as text, in one of the formats that are read. */
export interface HistorySample {
  readonly format: "jsonl" | "edn" | "etcd" | "porcupine-kv";
  /** The name of the model that it is a history of. */
  readonly model: "cas-register" | "kv" | "kv-append";
  readonly text: string;
}

const FORMATS = ["jsonl", "edn", "etcd", "porcupine-kv"] as const;
const KEYS = ["a", "b", "c"];

/** Draws a history of up to 30 operations by 4 clients: some right, some not. */
export function drawSample(prng: Prng): HistorySample {
  const format = FORMATS[prng.below(FORMATS.length)] ?? "jsonl";
  const operations = 1 + prng.below(30);
  switch (format) {
    case "etcd": {
      const events = drawEvents(prng, new Register(prng), operations);
      return { format, model: "cas-register", text: events.map(etcdLine).join("") };
    }
    case "porcupine-kv": {
      const events = drawEvents(prng, new AppendMap(prng), operations);
      return { format, model: "kv-append", text: events.map(ednMap).join("\n") };
    }
    case "edn": {
      const events = drawEvents(prng, new Register(prng), operations);
      return { format, model: "cas-register", text: `[${events.map(ednMap).join("\n ")}]\n` };
    }
    case "jsonl": {
      // Without an index, lines can be doubled, dropped and swapped.
      const isNumbered = prng.below(2) === 0;
      const jsonLine = (event: WrittenEvent, index: number): string => {
        const line = jsonLineOf(event, index);
        return isNumbered ? line : line.replace(/"index":\d+,/, "");
      };
      const events = drawEvents(prng, new PlainMap(prng), operations);
      return { format, model: "kv", text: events.map(jsonLine).join("") };
    }
  }
}

interface Drawn {
  readonly f: string;
  readonly key: string | null;
  readonly value: unknown;
  /** Does it now, and gives the answer. */
  readonly run: () => unknown;
}

interface Toy {
  draw(): Drawn;
}

class Register implements Toy {
  readonly #prng: Prng;
  #state: number | null = null;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  draw(): Drawn {
    const [from, to] = [this.#prng.below(3), this.#prng.below(3)];
    const kinds: Drawn[] = [
      { f: "read", key: null, value: null, run: () => this.#state },
      { f: "write", key: null, value: to, run: () => (this.#state = to) },
      {
        f: "cas",
        key: null,
        value: [from, to],
        run: () => {
          if (this.#state !== from) return false;
          this.#state = to;
          return [from, to];
        },
      },
    ];
    return kinds[this.#prng.below(kinds.length)] ?? this.draw();
  }
}

class PlainMap implements Toy {
  readonly #prng: Prng;
  readonly #state = new Map<string, number>();

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  draw(): Drawn {
    const key = KEYS[this.#prng.below(KEYS.length)] ?? "a";
    const value = this.#prng.below(100);
    const scan = (): unknown => [...this.#state].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const kinds: Drawn[] = [
      { f: "get", key, value: null, run: () => this.#state.get(key) ?? null },
      { f: "put", key, value, run: () => void this.#state.set(key, value) },
      { f: "delete", key, value: null, run: () => this.#state.delete(key) },
      { f: "scan", key: null, value: ["a", "c"], run: scan },
    ];
    return kinds[this.#prng.below(kinds.length)] ?? this.draw();
  }
}

class AppendMap implements Toy {
  readonly #prng: Prng;
  readonly #state = new Map<string, string>();

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  draw(): Drawn {
    const key = KEYS[this.#prng.below(KEYS.length)] ?? "a";
    const value = `x${this.#prng.below(100)}`;
    const get = (): string => this.#state.get(key) ?? "";
    const set = (text: string, answer: string): string => {
      this.#state.set(key, text);
      return answer;
    };
    const kinds: Drawn[] = [
      { f: "get", key, value: null, run: get },
      { f: "put", key, value, run: () => set(value, value) },
      { f: "append", key, value, run: () => set(get() + value, value) },
    ];
    return kinds[this.#prng.below(kinds.length)] ?? this.draw();
  }
}

interface OpenOperation {
  readonly process: string;
  readonly drawn: Drawn;
  answer: unknown;
  isDone: boolean;
}

function drawEvents(prng: Prng, toy: Toy, operations: number): WrittenEvent[] {
  const events: WrittenEvent[] = [];
  const open: OpenOperation[] = [];
  let [processes, left] = [0, operations];
  while (left > 0 || open.length > 0) {
    if (left > 0 && (open.length === 0 || (open.length < 4 && prng.below(2) === 0))) {
      const one = { process: String(processes++), drawn: toy.draw(), answer: null, isDone: false };
      events.push(eventOf("invoke", one, one.drawn.value, events.length));
      open.push(one);
      left--;
      continue;
    }
    const one = open[prng.below(open.length)];
    if (one === undefined) continue;
    if (!one.isDone) {
      one.answer = one.drawn.run();
      // A wrong object: it does not always do what it answers.
      if (prng.below(20) === 0) one.drawn.run();
      if (prng.below(20) === 0) toy.draw().run();
      one.isDone = true;
    }
    if (prng.below(3) === 0) continue;
    open.splice(open.indexOf(one), 1);
    const failed = one.drawn.f === "cas" && one.answer === false;
    const type = prng.below(15) === 0 ? "info" : failed ? "fail" : "ok";
    events.push(eventOf(type, one, failed ? one.drawn.value : one.answer, events.length));
  }
  return events;
}

function eventOf(
  type: WrittenEvent["type"],
  { process, drawn }: OpenOperation,
  value: unknown,
  time: number,
): WrittenEvent {
  return { type, process, f: drawn.f, key: drawn.key, value, time };
}

function etcdLine({ process, type, f, value }: WrittenEvent): string {
  const text = type === "info" ? ":timed-out" : ednText(value);
  return `INFO  jepsen.util - ${process}\t:${type}\t:${f}\t${text}\n`;
}

function ednMap({ process, type, f, key, value }: WrittenEvent): string {
  const keyed = key === null ? "" : ` :key "${key}",`;
  return `{:process ${process}, :type :${type}, :f :${f},${keyed} :value ${ednText(value)}}`;
}

function ednText(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  return Array.isArray(value) ? `[${value.map(ednText).join(" ")}]` : JSON.stringify(value);
}
