import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { runToCompletion, taskId } from "../../../src/task/index.ts";
import { Operation } from "../../../src/btree/operation.ts";
import { PROTOCOLS } from "../../../src/btree/protocols/index.ts";
import { copyKey, copyValue } from "../../../src/btree/node-read.ts";
import { TreeStore } from "../../../src/btree/tree-store.ts";
import type { ScanRange } from "../../../src/btree/scan-range.ts";

const key = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);
const number = (bytes: Uint8Array): number => (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);

describe.each(PROTOCOLS)("$name keeps the contract of every protocol", (protocol) => {
  it("agrees with a sorted map on random operations", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 2, 3, 4, 7),
        fc.array(fc.tuple(fc.nat(9), fc.nat(60), fc.nat(999)), { maxLength: 400 }),
        (mostEntries, commands) => {
          const store = new TreeStore({ pageSize: 512, mostEntries });
          const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
          const model = new Map<number, number>();
          for (const [kind, k, v] of commands) {
            if (kind < 3) {
              expect(runToCompletion(protocol.put(op, key(k), key(v)))).toBe(!model.has(k));
              model.set(k, v);
            } else if (kind < 4) {
              expect(runToCompletion(protocol.insert(op, key(k), key(v)))).toBe(!model.has(k));
              if (!model.has(k)) model.set(k, v);
            } else if (kind < 8) {
              expect(runToCompletion(protocol.delete(op, key(k)))).toBe(model.delete(k));
            } else {
              expect(runToCompletion(protocol.get(op, key(k)))).toBe(model.has(k));
              if (model.has(k)) expect(number(op.copyValue())).toBe(model.get(k));
            }
            op.assertIdle();
            expect(store.latches.firstInUse()).toBeNull();
          }
          const sorted = [...model].sort((a, b) => a[0] - b[0]);
          const scan = (range: ScanRange): [number, number][] => {
            const rows: [number, number][] = [];
            runToCompletion(
              protocol.scan(op, range, {
                row: (leaf, i) => rows.push([number(copyKey(leaf, i)), number(copyValue(leaf, i))]),
              }),
            );
            op.assertIdle();
            return rows;
          };
          expect(scan({})).toEqual(sorted);
          expect(scan({ reverse: true })).toEqual([...sorted].reverse());
          for (const reverse of [false, true]) {
            for (const startInclusive of [false, true]) {
              for (const endInclusive of [false, true]) {
                const range = {
                  start: key(10),
                  end: key(30),
                  startInclusive,
                  endInclusive,
                  reverse,
                };
                const inRange = sorted.filter(
                  ([k]) => (startInclusive ? k >= 10 : k > 10) && (endInclusive ? k <= 30 : k < 30),
                );
                const want = reverse ? [...inRange].reverse() : inRange;
                expect(scan(range)).toEqual(want);
                expect(scan({ ...range, limit: 3 })).toEqual(want.slice(0, 3));
              }
            }
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});
