import { expect, it } from "vitest";
import {
  checkHistory,
  type CheckOptions,
  checkOrder,
  counter,
  type CrashRule,
  kvMap,
  modelNamed,
  multiRegister,
  register,
  semaphore,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

// Programs without types may hand over anything. What is passed over would change a verdict.

const history = drawn("a write 1\na ->");

it.each([
  [{ crash: "Buffered" }, 'crash: there is no "Buffered"; did you mean buffered? expected durable'],
  [{ scan: "x" }, 'scan: there is no "x"; expected atomic, per-key'],
  [{ witness: 3 }, "witness: expected a list of ids of operations, found 3"],
  [{ partition: "no" }, 'partition: expected true or false, found "no"'],
  [{ versions: 0 }, "versions: expected true or false, found 0"],
  [{ reductions: { deadWrites: "off" } }, 'deadWrites: expected true or false, found "off"'],
  [{ sizes: { width: "1" } }, 'width: expected a number over 0, found "1"'],
  [{ timeMs: 500 }, "timeMs: there is no clock; give clock too"],
  [{ timeMs: Number.NaN, clock: { nowMs: () => 0 } }, "timeMs: expected milliseconds, found NaN"],
  [{ timeMs: 5, clock: 7 }, "clock: expected an object with a function nowMs, found 7"],
  [{ memoryBytes: "1e9" }, 'memoryBytes: expected a number of bytes, found "1e9"'],
  [{ isCancelled: true }, "isCancelled: expected a function, found true"],
])("refuses the options %j of a check", (options, message) => {
  const check = (): unknown =>
    checkHistory(history, register(), options as unknown as CheckOptions);
  expect(check).toThrow(message);
  expect(check).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT" }));
});

it("refuses a rule of crashes that there is not, of an order too", () => {
  const order = (): unknown => checkOrder(history, register(), [0], "none" as CrashRule);
  expect(order).toThrow('crash: there is no "none"; expected durable, strict, buffered, ignored');
});

type Make = (value: never) => unknown;
const NULL_READS = 'there is no "foo"; expected value, wildcard';

it.each<[string, Make, unknown, string]>([
  ["register", (nullReads) => register({ nullReads }), "foo", NULL_READS],
  ["kv", (nullReads) => kvMap({ nullReads }), "foo", NULL_READS],
  ["multi-register", (nullReads) => multiRegister({}, { nullReads }), "foo", NULL_READS],
  ["named", (nullReads) => modelNamed("register", { nullReads }), "foo", NULL_READS],
  ["kv", (highEnd) => kvMap({ highEnd }), "x", 'there is no "x"; expected inclusive, exclusive'],
  ["named", (highEnd) => modelNamed("kv", { highEnd }), "x", 'there is no "x"; expected inclusive'],
  ["counter", (echoes) => counter({ echoes }), "yes", 'expected true or false, found "yes"'],
  ["named", (echoes) => modelNamed("counter", { echoes }), "yes", "expected true or false, found"],
  ["counter", (initial) => counter({ initial }), 0.5, "cannot start with 0.5; expected a whole"],
  [
    "semaphore",
    (permits) => semaphore(permits),
    0,
    "cannot start with 0; expected a whole number over 0",
  ],
  [
    "semaphore",
    (permits) => semaphore(permits),
    "2",
    'cannot start with "2"; expected a whole number',
  ],
])("refuses what is no value of an option: %s", (_, make, value, message) => {
  expect(() => make(value as never)).toThrow(message);
});
