import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Call, type Caller } from "../../src/level/call.ts";
import { CallOrder, WORKING_MAX } from "../../src/level/call-order.ts";
import { touchesKeys, touchesRange } from "../../src/level/touches.ts";
import { createPrng } from "../../src/task/index.ts";

type Plan =
  | { readonly kind: "one"; readonly keys: readonly number[]; readonly isWrite: boolean }
  | { readonly kind: "keys"; readonly keys: readonly number[]; readonly isWrite: boolean }
  | { readonly kind: "range"; readonly keys: readonly number[]; readonly isWrite: boolean };

const KEYS = 8;
const bytes = (key: number): Uint8Array => Uint8Array.of(key);
const aKey = fc.nat(KEYS - 1);

const plan: fc.Arbitrary<Plan> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("one" as const),
      keys: aKey.map((key) => [key]),
      isWrite: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("keys" as const),
      keys: fc.array(aKey, { minLength: 1, maxLength: 3 }),
      isWrite: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("range" as const),
      keys: fc.tuple(aKey, aKey).map(([a, b]) => range(Math.min(a, b), Math.max(a, b))),
      isWrite: fc.constant(true),
    }),
  },
);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function meet(a: Plan, b: Plan): boolean {
  return (a.isWrite || b.isWrite) && a.keys.some((key) => b.keys.includes(key));
}

class TestCall extends Call {
  readonly #told: (call: Call) => void;

  constructor(order: Caller, isWrite: boolean, told: (call: Call) => void) {
    super(order, isWrite);
    this.#told = told;
  }

  override begin(): void {
    this.#told(this);
  }
}

/** Makes the calls of a plan, and ends those that have begun one after another, by lot. */
class Trial {
  readonly begun: number[] = [];
  readonly inEffect = new Set<number>();
  readonly #order = new CallOrder();
  readonly #working = new Map<number, Call>();
  readonly #plans: Plan[] = [];

  make(made: Plan, takesEffectAtOnce: boolean): void {
    const index = this.#plans.length;
    this.#plans.push(made);
    const begin = (call: Call): void => {
      this.#refuseToBegin(index);
      this.begun.push(index);
      this.#working.set(index, call);
      if (takesEffectAtOnce) this.end(index);
    };
    const [first = 0] = made.keys;
    const last = made.keys.at(-1) ?? first;
    const call = new TestCall(this.#order, made.isWrite, begin);
    if (made.kind === "one") this.#order.one(bytes(first), call);
    else if (made.kind === "keys") this.#order.several(touchesKeys(made.keys.map(bytes)), call);
    else {
      const ends = { start: bytes(first), end: bytes(last), endInclusive: true };
      this.#order.several(touchesRange(ends), call);
    }
  }

  get working(): number[] {
    return [...this.#working.keys()];
  }

  end(index: number): void {
    const call = this.#working.get(index);
    if (call === undefined) throw new Error(`call ${index} is not at work`);
    this.#working.delete(index);
    this.inEffect.add(index);
    call.ended();
  }

  #refuseToBegin(index: number): void {
    const own = this.#plans[index];
    if (own === undefined) throw new Error("a call that begins was made");
    for (let before = 0; before < index; before++) {
      const other = this.#plans[before];
      if (other === undefined || this.inEffect.has(before)) continue;
      if (meet(own, other)) throw new Error(`call ${index} begins before ${before} took effect`);
    }
    if (this.#working.size >= WORKING_MAX) throw new Error("too many are at work");
  }
}

describe("the order of calls", () => {
  it("lets none begin before those it meets, and lets all begin in the end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(plan, fc.nat(3)), { maxLength: 120 }),
        fc.string(),
        (made, seed) => {
          const prng = createPrng(seed);
          const trial = new Trial();
          for (const [next, endings] of made) {
            trial.make(next, endings === 3);
            for (let i = 0; i < endings; i++) endOne(trial, prng.below(1000));
          }
          while (trial.working.length > 0) endOne(trial, prng.below(1000));
          expect(trial.inEffect.size).toBe(made.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps nobody waiting for calls of other keys, or for reads of the same", () => {
    const trial = new Trial();
    trial.make({ kind: "one", keys: [1], isWrite: true }, false);
    trial.make({ kind: "one", keys: [2], isWrite: true }, false);
    trial.make({ kind: "keys", keys: [3, 4], isWrite: false }, false);
    expect(trial.begun).toEqual([0, 1]);
    // A read of several keys waits for writes before it; nobody else waits for it but who meets it.
    trial.make({ kind: "one", keys: [5], isWrite: true }, false);
    trial.make({ kind: "one", keys: [3], isWrite: true }, false);
    expect(trial.begun).toEqual([0, 1, 3]);
    trial.end(0);
    trial.end(1);
    expect(trial.begun).toEqual([0, 1, 3, 2]);
    trial.end(2);
    expect(trial.begun).toEqual([0, 1, 3, 2, 4]);
  });

  it("lets only so many be at work, first come first served", () => {
    const trial = new Trial();
    for (let key = 0; key < 2 * WORKING_MAX; key++) {
      trial.make({ kind: "one", keys: [key % 256], isWrite: false }, false);
    }
    // 256 keys: one call of each is at work.
    expect(trial.working.length).toBe(256);
    const order = new CallOrder();
    const begun: Call[] = [];
    const key = (index: number): Uint8Array => Uint8Array.of(index & 255, index >> 8);
    for (let index = 0; index < 2 * WORKING_MAX; index++) {
      order.one(key(index), new TestCall(order, true, (call) => begun.push(call)));
    }
    expect(begun.length).toBe(WORKING_MAX);
    for (let index = 0; index < 10; index++) begun[index]?.tookEffect();
    expect(begun.length).toBe(WORKING_MAX + 10);
  });
});

function endOne(trial: Trial, drawn: number): void {
  const { working } = trial;
  const index = working[drawn % working.length];
  if (index !== undefined) trial.end(index);
}
