import { expect, it } from "vitest";
import {
  anyState,
  type Call,
  casRegister,
  checkHistory,
  counter,
  fifoQueue,
  kvMap,
  modelNamed,
  multiRegister,
  perKey,
  register,
  stack,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

it("never takes a string for the list that it spells", () => {
  const text = JSON.stringify("json [1]");
  const wrong = drawn(`a write [1]\na ->\na read\na -> ${text}`);
  expect(checkHistory(wrong, register()).kind).toBe("not-linearizable");
  const right = drawn(`a write ${text}\na ->\na read\na -> ${text}`);
  expect(checkHistory(right, register()).kind).toBe("linearizable");
  const cas = drawn(`a write ${text}\na ->\na cas [[1],2]\na -> true`);
  expect(checkHistory(cas, casRegister(), { partition: false }).kind).toBe("not-linearizable");
});

it("gives no register the value of a field that every object has", () => {
  const read = (value: string): string =>
    `a txn [["read","__proto__",null]]\na -> [["read","__proto__",${value}]]`;
  expect(checkHistory(drawn(read("{}")), multiRegister()).kind).toBe("not-linearizable");
  const write = 'a txn [["write","__proto__",{}]]\na ->\n';
  expect(checkHistory(drawn(write + read("{}")), multiRegister()).kind).toBe("linearizable");
});

it.each([
  ["enqueue", fifoQueue()],
  ["push", stack()],
])("refuses to %s null, which would read as nothing there", (f, model) => {
  expect(() => checkHistory(drawn(`a ${f}\na ->`), model)).toThrow(`drawn:1: ${f} of null`);
});

// A no that comes of an answer nobody understands would blame a right system.
it.each([
  ["kv", "a cas:k [1,2]\na -> 0", "cas answers 0: expected true, false or [1,2] once more"],
  ["kv", "a cas:k [1,2]\na ->", "cas answers null: expected true, false or [1,2] once more"],
  ["kv", "a cas:k [1,2]\na -> [9,9]", "cas answers [9,9]: expected true, false or [1,2]"],
  ["kv", 'a insert:k 1\na -> "OK"', 'insert answers "OK": expected true or false'],
  ["kv", "a insert:k 1\na ->", "insert answers null: expected true or false"],
  ["kv", "a delete:k\na -> 0", "delete answers 0: expected true or false, or null"],
  ["cas-register", "a cas [1,2]\na -> 1", "cas answers 1: expected true, false or [1,2]"],
  ["cas-register", "a cas:k [1,2]\na -> 1", "cas answers 1: expected true, false or [1,2]"],
  ["set", "a contains 1\na ->", "contains answers null: expected true or false"],
  ["set", "a read\na ->", "read answers null: expected a list of the elements"],
  ["set", "a add 1\na -> 0", "add answers 0: expected true or false, or null"],
  ["set", 'a remove 1\na -> "OK"', 'remove answers "OK": expected true or false, or null'],
  ["counter", 'a read\na -> "1"', 'read answers "1": expected a number'],
  ["counter", 'a add 7\na -> "7"', 'add answers "7": expected the new value, or null'],
  ["counter", "a subtract\na -> true", "subtract answers true: expected the new value, or null"],
  ["mutex", "a acquire\na -> 0", "acquire answers 0: expected true, false or null"],
  ["mutex", "a acquire 0\na -> 0", "acquire answers 0: expected true, false or null"],
  ["semaphore", "a release 1\na -> 0", "release answers 0: expected true, false or null"],
])("refuses as a %s what %j answers", (name, text, message) => {
  const model = modelNamed(name);
  const keyed = text.includes(":") && name !== "kv" ? perKey(model) : model;
  expect(() => checkHistory(drawn(text), keyed)).toThrow(`drawn:1: ${message}`);
});

it.each([
  ["kv", "a put:k 1\na ->\na cas:k [1,2]\na -> [1,2]\na get:k\na -> 2", "linearizable"],
  ["kv", "a cas:k [1,2]\na -> [1,2]", "not-linearizable"],
  ["kv", "a delete:k\na ->\na get:k\na ->", "linearizable"],
  ["kv", "a delete:k\na -> true", "not-linearizable"],
  ["kv", "a cas:k [1,2]\na info", "linearizable"],
  ["set", "a add 3\na -> 3\na add 3\na -> 3\na remove 3\na ->", "linearizable"],
  ["set", "a add 3\na -> false", "not-linearizable"],
  ["mutex", "a acquire\na ->\na acquire\na -> true", "not-linearizable"],
  ["semaphore", "a acquire 1\na -> 1\na acquire 1\na -> false", "linearizable"],
])("takes as a %s the answers of %j", (name, text, verdict) => {
  expect(checkHistory(drawn(text), modelNamed(name)).kind).toBe(verdict);
});

it.each([
  [2, "linearizable"],
  [1, "not-linearizable"],
])("counts beyond 2^53 without rounding: %i", (read, verdict) => {
  const most = Number.MAX_SAFE_INTEGER;
  const up = `a add ${most}\na ->\na add 2\na ->\na subtract ${most}\na ->\na read\na -> ${read}`;
  expect(checkHistory(drawn(up), counter()).kind).toBe(verdict);
  const down = up.replaceAll("add", "x").replace("subtract", "add").replaceAll("x", "subtract");
  expect(checkHistory(drawn(down.replace(`> ${read}`, `> -${read}`)), counter()).kind).toBe(
    verdict,
  );
});

it.each<[string, string, string]>([
  ["holds it after a delete", 'a put:a "x"\na ->\na delete:a\na -> true\na get:a\na -> V', "yes"],
  ["holds nothing else", 'a put:a "x"\na ->\na delete:a\na -> true\na get:a\na -> W', "no"],
  ["is inserted", 'a insert:a "x"\na -> true\na get:a\na -> "x"', "yes"],
  ["cannot be in the way", 'a insert:a "x"\na -> false', "no"],
  ["is inserted once", 'a insert:a "x"\na -> true\na insert:a "y"\na -> true', "no"],
  [
    "is inserted after a delete",
    "a put:a 1\na ->\na delete:a\na ->\na insert:a 2\na -> true",
    "yes",
  ],
  ["is not deleted", "a delete:a\na -> false", "yes"],
  ["is never deleted", "a delete:a\na -> true", "no"],
  ["is not scanned", 'a put:a 1\na ->\na delete:a\na -> true\na scan ["a","b"]\na -> []', "yes"],
  ["is there once put", 'a put:a "x"\na ->\na scan ["a","b"]\na -> []', "no"],
  ["takes a cas", 'a cas:a [V,"x"]\na -> true\na get:a\na -> "x"', "yes"],
])("a key that is absent, whatever that is, %s", (_, text, expected) => {
  for (const initial of [null, "", 0, { n: 1 }]) {
    const other = initial === null ? '""' : "null";
    const history = drawn(text.replace("V", JSON.stringify(initial)).replace("W", other));
    const [model, kind] = [kvMap({ initial }), `${expected === "yes" ? "" : "not-"}linearizable`];
    expect(checkHistory(history, model).kind).toBe(kind);
    expect(checkHistory(history, model, { partition: false }).kind).toBe(kind);
  }
});

it("takes no notice of what an append answers", () => {
  const text = 'a append:k "x"\na -> false\na get:k\na -> "x"';
  expect(checkHistory(drawn(text), modelNamed("kv-append")).kind).toBe("linearizable");
});

it("asks a look at several keys also for what a key must not hold", () => {
  const isLook = (call: Call): boolean => call.f === "both-are-there";
  const one = anyState<unknown>({
    name: "key",
    initial: null,
    step: (state, call) => (isLook(call) ? (state === null ? [] : [state]) : [call.input]),
    observes: isLook,
    footprint: (call) => (isLook(call) ? { avoids: null } : { makes: call.input }),
  });
  const pair = anyState<readonly string[]>({
    name: "pair",
    initial: [],
    step: (state, call) => {
      if (isLook(call)) return state.length === 2 ? [state] : [];
      const rest = state.filter((key) => key !== call.key);
      return [call.input === null ? rest : [...rest, call.key ?? ""].toSorted()];
    },
    observes: isLook,
    partition: {
      one,
      keyOf: ({ key }) => key,
      covers: () => true,
      project: (call, key) => ({ ...call, key }),
    },
  });
  const look = (text: string): string =>
    checkHistory(drawn(`a put:x 1\na ->\nb both-are-there\n${text}\nb ->`), pair).kind;
  expect(look("a put:y 1\na ->\na put:x\na ->")).toBe("linearizable");
  expect(look("a put:x\na ->\na put:y 1\na ->")).toBe("not-linearizable");
});
