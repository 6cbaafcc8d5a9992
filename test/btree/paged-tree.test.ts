import { array, assert as assertProperty, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { type Protocol, PROTOCOLS } from "../../src/btree/index.ts";
import { LatchOwner, DIRECT_DRIVER } from "../../src/latch/index.ts";
import {
  BufferPool,
  Cleaner,
  MemoryDisk,
  pageId,
  type PageMemory,
  type PageView,
  sealPage,
  SPACE_PAGE,
  setVersion,
  asEditor,
} from "../../src/storage/index.ts";
import { createPrng, DIRECT_HOST, runToCompletion, taskId } from "../../src/task/index.ts";
import { faultOf } from "../support/fault-of.ts";
import { ForgetfulStore } from "../support/forgetful-store.ts";
import { WITH_SHORTCUTS } from "../support/with-shortcuts.ts";
import { type Command, expected } from "./map-commands.ts";
import { newTree, PagedTree } from "./paged-tree.ts";
import { budget } from "../campaign.ts";

const COMMANDS = array(tuple(nat(9), nat(60), nat(999)), { maxLength: 300, size: "max" });
const CAPACITIES = constantFrom(0, 2, 3, 5);
const FAULTY = budget({ short: 50, campaign: 250 });
const RUNS = budget({ short: 5, campaign: 20 });

function forgetful(protocol: Protocol, mostEntries: number): PagedTree<ForgetfulStore> {
  const pages = new ForgetfulStore(newTree(mostEntries), createPrng("forget"));
  return new PagedTree(protocol, pages, mostEntries, pages.capacity);
}

/**
 * Everything that a failed operation must leave as it was: pages in use, space map and pins. Where
 * operations finish what others left, only what the tree holds.
 */
function stateOf(tree: PagedTree<ForgetfulStore>, copy: PageMemory): string {
  const { pages, protocol, store } = tree;
  if (protocol.leavesUnfinished === true) {
    return JSON.stringify([tree.rows(false), tree.rows(true), tree.problems(copy), pages.pinned]);
  }
  const inUse: string[] = [];
  for (let id = 0; id < store.space.highWater; id++) {
    if (!store.space.isFree(pageId(id))) inUse.push(bytesAsText(copy.frame(pageId(id))));
  }
  const free = [...store.space];
  const { highWater } = store.space;
  const { groups } = tree.log;
  return JSON.stringify({ inUse, free, highWater, pinned: pages.pinned, groups });
}

function bytesAsText({ bytes }: PageView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Does a command with its first, then its second read failing, and so on, until it gets through. */
function obeyThroughFaults(tree: PagedTree<ForgetfulStore>, command: Command): number {
  const pages = tree.pages.copy();
  // Checked here, the tree need not be checked after each fault, which must leave the same bytes.
  expect(tree.problems(pages)).toEqual([]);
  const before = stateOf(tree, pages);
  for (let faults = 0; ; faults++) {
    tree.pages.forgetAll();
    tree.pages.fetchesLeft = faults;
    const fault = faultOf(() => tree.obey(command));
    tree.pages.fetchesLeft = -1;
    if (fault === null) return faults;
    expect(fault.code).toBe("BAD_PAGE");
    tree.op.abort();
    tree.assertIdle();
    expect(stateOf(tree, tree.pages.copy())).toBe(before);
  }
}

describe.each([...PROTOCOLS, ...WITH_SHORTCUTS])(
  "$name over pages that are not in memory",
  (protocol: Protocol) => {
    it("agrees with a sorted map while every page is forgotten again and again", () => {
      let fetches = 0;
      const run = property(CAPACITIES, COMMANDS, (mostEntries, commands) => {
        const tree = forgetful(protocol, mostEntries);
        const model = new Map<number, number>();
        for (const command of commands) {
          expect(tree.obey(command)).toBe(expected(model, command));
          expect(tree.pages.pinned).toEqual([SPACE_PAGE]);
        }
        const keys = [...model.keys()].toSorted((a, b) => a - b);
        expect(tree.rows(false)).toEqual(keys);
        expect(tree.rows(true)).toEqual(keys.toReversed());
        tree.pages.forgetAll();
        expect(tree.problems(tree.pages.copy())).toEqual([]);
        fetches += tree.pages.fetches;
      });
      assertProperty(run, { numRuns: RUNS, seed: 1 });
      expect(fetches).toBeGreaterThan(budget({ short: 200, campaign: 2500 }));
    });

    it("leaves tree, space map and latches as before when any read fails", () => {
      const prng = createPrng("faults");
      let faults = 0;
      for (const mostEntries of [2, 3]) {
        const tree = forgetful(protocol, mostEntries);
        for (let i = 0; i < FAULTY; i++) {
          // First it grows, then it shrinks, through all levels.
          const isGrowing = prng.below(FAULTY) > i;
          const kind = isGrowing ? prng.below(4) : 4 + prng.below(4);
          faults += obeyThroughFaults(tree, [kind, prng.below(60), prng.below(999)]);
        }
        expect(tree.problems(tree.pages.copy())).toEqual([]);
      }
      expect(faults).toBeGreaterThan(3 * FAULTY);
    });

    it("has the same pages when all its groups are replayed onto the first ones", () => {
      const run = property(CAPACITIES, COMMANDS, (mostEntries, commands) => {
        const tree = forgetful(protocol, mostEntries);
        for (const command of commands) tree.obey(command);
        const replayed = newTree(mostEntries);
        tree.log.replay(replayed);
        const now = tree.pages.copy();
        expect(tree.problems(replayed)).toEqual([]);
        for (let id = 0; id < tree.store.space.highWater; id++) {
          if (tree.store.space.isFree(pageId(id))) continue;
          const [page, again] = [now.frame(pageId(id)), replayed.frame(pageId(id))];
          // The version counts changes in memory, and is no part of what is recovered.
          for (const each of [page, again]) setVersion(asEditor(each), 0);
          expect(again.bytes).toEqual(page.bytes);
        }
      });
      assertProperty(run, { numRuns: budget({ short: 2, campaign: 7 }), seed: 2 });
    });

    it("agrees with a sorted map over a buffer pool with eight frames", () => {
      const run = property(CAPACITIES, COMMANDS, (mostEntries, commands) => {
        const first = newTree(mostEntries);
        const file = runToCompletion(new MemoryDisk().open("pages", "create")[Symbol.iterator]());
        for (let id = 0; id < 3; id++) {
          const page = asEditor(first.frame(pageId(id)));
          sealPage(page);
          runToCompletion(file.write(id * 512, page.bytes)[Symbol.iterator]());
        }
        const host = DIRECT_HOST;
        const pool = new BufferPool({ pageSize: 512, framesMax: 8, file, host, pageCount: 3 });
        const tree = new PagedTree(protocol, pool, mostEntries, 3);
        const { latches } = tree.store;
        const cleaner = new Cleaner({
          pool,
          file,
          host,
          latches,
          coveringLatch: (id) => protocol.coveringLatch(id),
          *flushTo() {},
        });
        const owner = new LatchOwner(taskId(1), DIRECT_DRIVER);
        const model = new Map<number, number>();
        for (const command of commands) {
          expect(tree.obey(command)).toBe(expected(model, command));
          while (pool.isOver && runToCompletion(cleaner.cleanOne(owner)));
          expect(pool.isOver).toBe(false);
        }
        expect(tree.rows(false)).toEqual([...model.keys()].toSorted((a, b) => a - b));
      });
      assertProperty(run, { numRuns: 6, seed: 3 });
    });
  },
);

describe("what an operation must wait for", () => {
  it.each(PROTOCOLS)("$name tells its group and the leaf it saw", (protocol) => {
    const tree = forgetful(protocol, 3);
    tree.obey([0, 1, 1]);
    const written = tree.op.lastLsn;
    expect(written).toBe(tree.log.endLsn);
    expect(tree.op.seenLsn).toBeLessThanOrEqual(written);
    tree.obey([8, 1, 0]);
    expect(tree.op.lastLsn).toBe(0);
    expect(tree.op.seenLsn).toBe(written);
    tree.obey([3, 1, 7]);
    expect([tree.op.lastLsn, tree.op.seenLsn]).toEqual([0, written]);
  });

  it("is waited for under the tree's latch by tree-mutex-durable, and by nobody else", () => {
    for (const protocol of PROTOCOLS) {
      const tree = forgetful(protocol, 3);
      tree.obey([0, 1, 1]);
      tree.obey([3, 1, 1]);
      const { endLsn } = tree.log;
      const isHeld = protocol.name === "tree-mutex-durable";
      expect(tree.log.waits).toEqual(isHeld ? [endLsn, endLsn] : []);
    }
  });
});
