import { array, assert as assertProperty, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { type Protocol, PROTOCOLS, type ScanRange } from "../../../src/btree/index.ts";
import { runToCompletion } from "../../../src/task/index.ts";
import { type Command, expected } from "../map-commands.ts";
import { WITH_SHORTCUTS } from "../../support/with-shortcuts.ts";
import { bytes, OneTree, type Row } from "./one-tree.ts";
import { budget } from "../../campaign.ts";

/** Does a command to the tree; what it says. */
function obey(tree: OneTree, [kind, key, value]: Command): boolean | number | undefined {
  if (kind < 3) return tree.put(key, value);
  if (kind < 4) return tree.insert(key, value);
  return kind < 8 ? tree.delete(key) : tree.get(key);
}

function sortedRows(model: ReadonlyMap<number, number>): Row[] {
  return [...model].toSorted((a, b) => a[0] - b[0]);
}

/** The rows of a range, worked out the slow way. */
function expectedRows(model: ReadonlyMap<number, number>, range: ScanRange, ends: Row): Row[] {
  const [start, end] = ends;
  const rows = sortedRows(model).filter(([key]) => {
    const isAfterStart = range.startInclusive === false ? key > start : key >= start;
    return isAfterStart && (range.endInclusive === true ? key <= end : key < end);
  });
  return range.reverse === true ? rows.toReversed() : rows;
}

const BOTH = [false, true] as const;
const COMMANDS = array(tuple(nat(9), nat(60), nat(999)), { maxLength: 400, size: "max" });
const CAPACITIES = constantFrom(0, 2, 3, 4, 7);

describe.each([...PROTOCOLS, ...WITH_SHORTCUTS])(
  "$name keeps the contract of every protocol",
  (protocol: Protocol) => {
    it("agrees with a sorted map whatever is done, and leaves a right tree", () => {
      const run = property(CAPACITIES, COMMANDS, (mostEntries, commands) => {
        const tree = new OneTree(protocol, { pageSize: 512, mostEntries });
        const model = new Map<number, number>();
        for (const command of commands) {
          expect(obey(tree, command)).toBe(expected(model, command));
          expect(tree.problems).toEqual([]);
        }
        expect(tree.scan({})).toEqual(sortedRows(model));
        expect(tree.scan({ reverse: true })).toEqual(sortedRows(model).toReversed());
      });
      assertProperty(run, { numRuns: budget({ short: 5, campaign: 30 }), seed: 1 });
    });

    it("scans every kind of range both ways, with and without a limit", () => {
      const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 3 });
      const model = new Map(Array.from({ length: 40 }, (_, i): Row => [i * 3, i]));
      for (const [key, value] of model) tree.put(key, value);
      for (const ends of [
        [9, 60],
        [10, 59],
        [0, 0],
        [60, 9],
        [117, 500],
      ] as const) {
        for (const reverse of BOTH) {
          for (const startInclusive of BOTH) {
            for (const endInclusive of BOTH) {
              const inclusion = { startInclusive, endInclusive, reverse };
              const range = { ...inclusion, start: bytes(ends[0]), end: bytes(ends[1]) };
              const rows = expectedRows(model, range, ends);
              expect(tree.scan(range)).toEqual(rows);
              expect(tree.scan({ ...range, limit: 4 })).toEqual(rows.slice(0, 4));
            }
          }
        }
      }
    });

    it("grows and collapses through all levels and keeps no page", () => {
      const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 3 });
      for (let key = 0; key < 200; key++) tree.put((key * 37) % 200, key);
      expect(tree.problems).toEqual([]);
      expect(tree.pages).toBeGreaterThan(100);
      for (let key = 0; key < 200; key++) expect(tree.delete((key * 53) % 200)).toBe(true);
      expect(tree.problems).toEqual([]);
      expect(tree.scan({})).toEqual([]);
      expect(tree.pages).toBeLessThan(8);
    });

    it("takes keys and values up to the limit, the empty key too, and refuses longer ones", () => {
      const tree = new OneTree(protocol, { pageSize: 512 });
      const { op } = tree;
      const long = new Uint8Array(64).fill(255);
      expect(runToCompletion(protocol.put(op, new Uint8Array(0), bytes(1)))).toBe(true);
      expect(runToCompletion(protocol.put(op, long, bytes(2)))).toBe(true);
      expect(tree.problems).toEqual([]);
      const longer = new Uint8Array(65);
      const tooLong = expect.objectContaining({ code: "KEY_TOO_LONG" });
      expect(() => runToCompletion(protocol.put(op, longer, bytes(1)))).toThrow(tooLong);
      expect(() => runToCompletion(protocol.get(op, longer))).toThrow(tooLong);
      expect(() => runToCompletion(protocol.delete(op, longer))).toThrow(tooLong);
      const tooLarge = expect.objectContaining({ code: "VALUE_TOO_LONG" });
      expect(() => runToCompletion(protocol.put(op, bytes(1), new Uint8Array(500)))).toThrow(
        tooLarge,
      );
      op.assertIdle();
    });

    it("replaces a value by one that is too long for its page, by splitting", () => {
      const tree = new OneTree(protocol, { pageSize: 512 });
      const { op } = tree;
      for (let key = 0; key < 12; key++) tree.put(key, key);
      for (let key = 0; key < 12; key++) {
        const value = new Uint8Array(80).fill(key);
        expect(runToCompletion(protocol.put(op, bytes(key), value))).toBe(false);
        expect(tree.problems).toEqual([]);
      }
      expect(runToCompletion(protocol.get(op, bytes(7)))).toBe(true);
      expect(op.copyValue()).toEqual(new Uint8Array(80).fill(7));
    });
  },
);
