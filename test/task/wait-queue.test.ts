import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WaitQueue } from "../../src/task/index.ts";

type Command =
  | { readonly kind: "push" | "pushFront" | "insert"; readonly waiter: number }
  | { readonly kind: "shift" }
  | { readonly kind: "take"; readonly waiter: number };

const waiter = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), waiter }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pushFront" as const), waiter }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("insert" as const), waiter }) },
  { weight: 4, arbitrary: fc.constant({ kind: "shift" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const), waiter }) },
);

/** The same in an array: plain, and slow once it is long. */
function applyToArray(model: number[], done: Command): number | undefined {
  switch (done.kind) {
    case "push":
      model.push(done.waiter);
      return undefined;
    case "pushFront":
      model.unshift(done.waiter);
      return undefined;
    case "insert":
      model.splice(model.findLastIndex((other) => other <= done.waiter) + 1, 0, done.waiter);
      return undefined;
    case "shift":
      return model.shift();
    case "take": {
      const at = model.indexOf(done.waiter);
      return at < 0 ? undefined : model.splice(at, 1)[0];
    }
  }
}

function apply(queue: WaitQueue<number>, done: Command): number | undefined {
  switch (done.kind) {
    case "push":
      queue.push(done.waiter);
      return undefined;
    case "pushFront":
      queue.pushFront(done.waiter);
      return undefined;
    case "insert":
      queue.insertBehind(done.waiter, (other) => other <= done.waiter);
      return undefined;
    case "shift":
      return queue.shift();
    case "take":
      return queue.take((other) => other === done.waiter);
  }
}

describe("a wait queue", () => {
  it("is an array whose front goes cheaply", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.array(command, { maxLength: 400 }), (filled, commands) => {
        const queue = new WaitQueue<number>();
        const model: number[] = [];
        for (let i = 0; i < filled; i++) {
          queue.push(i);
          model.push(i);
        }
        for (const done of commands) {
          expect(apply(queue, done)).toBe(applyToArray(model, done));
          expect(queue.length).toBe(model.length);
          expect(queue.first).toBe(model[0]);
        }
        expect(model.map((_, at) => queue.at(at))).toEqual(model);
        expect(queue.find((other) => other > 10)).toBe(model.find((other) => other > 10));
        expect(queue.some((other) => other === 7)).toBe(model.includes(7));
      }),
      { numRuns: 300 },
    );
  });
});
