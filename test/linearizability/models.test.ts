import { expect, it } from "vitest";
import {
  casRegister,
  checkHistory,
  fifoQueue,
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
