import { parseEDNString } from "edn-data";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EdnParser } from "../../src/linearizability/formats/edn-parser.ts";
import {
  EdnKeyword,
  EdnMap,
  EdnOdd,
  EdnSet,
  EdnTagged,
  type EdnValue,
  EdnVector,
} from "../../src/linearizability/formats/edn-value.ts";
import { READ_LIMITS } from "../../src/linearizability/index.ts";

// The kept EDN library refuses too little for reading histories, but reads right what is right.

/** Our value in the form in which edn-data gives it. */
function asTheirs(value: EdnValue): unknown {
  if (value instanceof EdnKeyword) return { key: value.name };
  if (value instanceof EdnVector) return value.items.map(asTheirs);
  if (value instanceof EdnSet) return { set: value.items.map(asTheirs) };
  if (value instanceof EdnTagged) return { tag: value.tag, val: asTheirs(value.value) };
  if (value instanceof EdnMap) {
    return { map: value.entries.map((pair) => pair.map((item) => asTheirs(item))) };
  }
  if (value instanceof EdnOdd) {
    return value.text.startsWith("\\") ? { char: value.text.slice(1) } : { sym: value.text };
  }
  return value;
}

/** Their value, with integers of the form `3N` as numbers. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item)]));
}

const name = fc
  .stringMatching(/^[a-z][a-z0-9*?!_.-]{0,6}$/)
  .filter((text) => !/^(nil|true|false)$/.test(text));
const space = fc.constantFrom(" ", ", ", "\n", " ; a comment ]}\n", "  #_ [dropped {:a 1}] ");
const quotedString = fc
  .string({ unit: "grapheme" })
  .map((text) => JSON.stringify(text).replace(/\\u00/g, "\\u00"));

const text = fc.letrec<{ any: string }>((tie) => {
  const items = fc.array(fc.tuple(tie("any"), space), { maxLength: 4 });
  const joined = items.map((all) => all.map(([item, gap]) => item + gap).join(""));
  const even = fc.array(fc.tuple(tie("any"), space, tie("any"), space), { maxLength: 3 });
  return {
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(
        "nil",
        "true",
        "false",
        "0",
        "-17",
        "+4",
        "3N",
        "1.5",
        "-2.5e-3",
        "7M",
        "\\a",
      ),
      fc.integer().map(String),
      name,
      name.map((word) => `:${word}/${word}`),
      quotedString,
      joined.map((inner) => `[${inner}]`),
      joined.map((inner) => `#{${inner}}`),
      even.map((all) => `{${all.map((pair) => pair.join("")).join("")}}`),
      fc
        .tuple(
          name.filter((word) => word !== "inst"),
          tie("any"),
        )
        .map(([tag, value]) => `#${tag} ${value}`),
    ),
  };
}).any;

describe("the EDN parser", () => {
  it("reads what is well formed as edn-data does", () => {
    fc.assert(
      fc.property(text, (edn) => {
        const [value = null, ...more] = new EdnParser(edn, "h", 1, READ_LIMITS).values();
        expect(more).toEqual([]);
        expect(asTheirs(value)).toEqual(withNumbers(parseEDNString(`${edn} `)));
      }),
      { numRuns: 500 },
    );
  });
});
