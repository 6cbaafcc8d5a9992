import { expect, it } from "vitest";
import {
  anyState,
  type Call,
  casRegister,
  checkHistory,
  fifoQueue,
  modelNamed,
  multiRegister,
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
