import { describe, expect, it } from "vitest";
import {
  ALL_REDUCTIONS,
  casRegister,
  checkHistory,
  type CheckOptions,
  kvMap,
  type Model,
} from "../../src/linearizability/index.ts";
import { isLinearizableByForce } from "../support/brute-force-check.ts";
import { drawn } from "../support/drawn-history.ts";

const zero = casRegister({ initial: 0 });

/** Histories for which a reduction has to hold back; each is linearizable. */
const HISTORIES: readonly [string, Model, CheckOptions, string][] = [
  [
    "an operation that may be left out is not asked for before its twin that returned",
    zero,
    { crash: "strict" },
    "a cas [0,1]\nb cas [0,1]\nc read\nc -> 1\na info\nb -> true",
  ],
  [
    "a pending write that was not used so far is kept, though it came late to the same state",
    casRegister(),
    {},
    `o write 1\nx write 3\nc cas [1,3]\nd read\nd -> 3\nw write 1\nw ->\nx ->\nc -> true
d read\nd -> 3\nd read\nd -> 1`,
  ],
  [
    "a value that nobody reads may be the one that a cas did not find another in",
    zero,
    {},
    "h write 5\nw write 0\nw ->\nf cas [0,1]\nf -> false\nh ->",
  ],
  [
    "a write of another key comes first if an open scan saw it, and not this one",
    kvMap(),
    {},
    's scan ["a","b"]\nb put:b 1\na put:a 1\na ->\ns -> [["b",1]]\nb ->',
  ],
  [
    "what a crash cut off happened, though nobody looked before the crash",
    zero,
    {},
    "a write 1\ncrash\nb read\nb -> 1",
  ],
  [
    "of what a crash cut off one made the other possible",
    zero,
    {},
    "b cas [1,2]\na cas [0,1]\ncrash\nc read\nc -> 2",
  ],
];

const names = Object.keys(ALL_REDUCTIONS);

describe.each(HISTORIES)("%s", (_, model, options, text) => {
  const history = drawn(text);

  it("by trying every order", () => {
    const { crash = "durable", scan = "atomic" } = options;
    expect(isLinearizableByForce(history, model, { crash, scan })).toBe(true);
  });

  it.each(["nothing", ...names])("without %s", (name) => {
    const reductions = name === "nothing" ? {} : { [name]: false };
    expect(checkHistory(history, model, { ...options, reductions }).kind).toBe("linearizable");
  });
});
