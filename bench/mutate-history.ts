import type { Prng } from "../src/task/index.ts";

type Mutation = (bytes: Uint8Array, prng: Prng) => Uint8Array;

const BRACKETS = [
  ["[", "]"],
  ["(", ")"],
  ["{:a ", "}"],
  ['{"a":', "}"],
  ["#a ", ""],
];

/** What can become of a file, from one wrong bit to nesting that no stack can hold. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "flip bits": (bytes, prng) => {
    const copy = bytes.slice();
    for (let i = 0; i <= prng.below(3); i++) {
      const at = prng.below(Math.max(copy.length, 1));
      copy[at] = (copy[at] ?? 0) ^ (1 << prng.below(8));
    }
    return copy;
  },
  "set a byte": (bytes, prng) => splice(bytes, prng, 1, Uint8Array.of(prng.below(256))),
  "put in a bracket": (bytes, prng) =>
    splice(bytes, prng, 0, textOf('{}[]()"\\,;:#_'.charAt(prng.below(13)))),
  "cut out": (bytes, prng) => splice(bytes, prng, prng.below(40), new Uint8Array()),
  truncate: (bytes, prng) => bytes.slice(0, prng.below(bytes.length + 1)),
  "drop the end": (bytes, prng) =>
    withLines(bytes, (lines) => lines.splice(prng.below(lines.length))),
  "drop a line": (bytes, prng) =>
    withLines(bytes, (lines) => lines.splice(prng.below(lines.length), 1)),
  "double a line": (bytes, prng) =>
    withLines(bytes, (lines) => {
      const line = lines[prng.below(lines.length)] ?? "";
      lines.splice(prng.below(lines.length), 0, line);
    }),
  "swap two lines": (bytes, prng) =>
    withLines(bytes, (lines) => {
      const [i, j] = [prng.below(lines.length), prng.below(lines.length)];
      [lines[i], lines[j]] = [lines[j] ?? "", lines[i] ?? ""];
    }),
  "put in a huge number": (bytes, prng) => withNumber(bytes, prng, hugeNumber(prng)),
  "change a number": (bytes, prng) => withNumber(bytes, prng, String(prng.below(5))),
  "nest deeply": (bytes, prng) => {
    const depth = 1 << prng.below(17);
    const [open = "", close = ""] = BRACKETS[prng.below(BRACKETS.length)] ?? [];
    return withNumber(
      bytes,
      prng,
      open.repeat(depth) + (prng.below(2) === 0 ? close.repeat(depth) : ""),
    );
  },
  "put in noise": (bytes, prng) => {
    const noise = Uint8Array.from({ length: prng.below(200) }, () => prng.below(256));
    return splice(bytes, prng, prng.below(20), noise);
  },
  "repeat a piece": (bytes, prng) => {
    const begin = prng.below(bytes.length + 1);
    return splice(bytes, prng, 0, bytes.slice(begin, begin + prng.below(300)));
  },
};

/** What often leaves a history behind. */
const GENTLE = ["drop the end", "change a number", "swap two lines", "drop a line"];

/** Names of what was done, and what came of it. */
export interface Mutated {
  readonly mutations: readonly string[];
  readonly bytes: Uint8Array;
}

/** Mutates text one to three times. */
export function mutate(text: string, prng: Prng): Mutated {
  const names = Object.keys(MUTATIONS);
  const mutations: string[] = [];
  let bytes = textOf(text);
  // Most files must live through it, or only the readers would be tested.
  const times = 1 + Math.floor(prng.next() ** 3 * 3);
  for (let i = 0; i < times; i++) {
    const pool = prng.below(2) === 0 ? GENTLE : names;
    const name = pool[prng.below(pool.length)] ?? "";
    mutations.push(name);
    bytes = MUTATIONS[name]?.(bytes, prng) ?? bytes;
  }
  return { mutations, bytes };
}

function splice(bytes: Uint8Array, prng: Prng, dropped: number, put: Uint8Array): Uint8Array {
  const at = prng.below(bytes.length + 1);
  const rest = bytes.subarray(Math.min(at + dropped, bytes.length));
  const result = new Uint8Array(at + put.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(put, at);
  result.set(rest, at + put.length);
  return result;
}

function withLines(bytes: Uint8Array, change: (lines: string[]) => void): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split("\n");
  change(lines);
  return textOf(lines.join("\n"));
}

/** Puts a text in place of one of the numbers. */
function withNumber(bytes: Uint8Array, prng: Prng, put: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const numbers = [...text.matchAll(/\d+/g)];
  const number = numbers[prng.below(Math.max(numbers.length, 1))];
  if (number === undefined) return bytes;
  return textOf(text.slice(0, number.index) + put + text.slice(number.index + number[0].length));
}

function hugeNumber(prng: Prng): string {
  const digits = "9".repeat(1 << prng.below(14));
  return (
    [
      digits,
      `-${digits}`,
      "1e999",
      "1e-999",
      `0.${digits}`,
      "9007199254740993",
      `${digits}N`,
      "1/3",
    ][prng.below(8)] ?? digits
  );
}

function textOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
