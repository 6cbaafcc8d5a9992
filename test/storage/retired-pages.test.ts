import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asEditor,
  formatSpacePage,
  type PageId,
  PageMemory,
  RetiredPages,
  SPACE_PAGE,
  SpaceMap,
  type Ticket,
} from "../../src/storage/index.ts";

interface BenchParts {
  readonly space: SpaceMap;
  readonly retired: RetiredPages;
  /** A page that was in use and is unlinked. */
  readonly unlinked: () => PageId;
}

function benchParts(): BenchParts {
  const memory = new PageMemory({ pageSize: 512 });
  formatSpacePage(asEditor(memory.frame(SPACE_PAGE)));
  const space = new SpaceMap(memory);
  space.reload();
  const unlinked = (): PageId => {
    const id = space.allocate();
    memory.unpin();
    return id;
  };
  return { space, retired: new RetiredPages(space), unlinked };
}

/** What may still be on its way to a page: the operations that were under way when it was retired. */
interface Kept {
  readonly page: PageId;
  readonly by: Set<Ticket>;
}

describe("retired pages", () => {
  it("are kept for who began before, and not for who began after", () => {
    const { retired, space, unlinked } = benchParts();
    const reader = retired.enter();
    const writer = retired.enter();
    const page = unlinked();
    retired.retire(page);
    const late = retired.enter();
    retired.leave(writer);
    expect([retired.count, space.isFree(page)]).toEqual([1, false]);
    retired.leave(reader);
    expect([retired.count, space.isFree(page)]).toEqual([0, true]);
    retired.leave(late);
    expect(space.allocate()).toBe(page);
  });

  it("refuse an operation that ends twice", () => {
    const { retired } = benchParts();
    const only = retired.enter();
    retired.leave(only);
    expect(() => retired.leave(only)).toThrow("an operation ends once");
  });

  it.each([1, 2, 3])("are released never early, and none is forgotten, seed %i", (seed) => {
    const moves = fc.array(fc.record({ kind: fc.nat(3), which: fc.nat(20) }), { maxLength: 80 });
    const property = fc.property(moves, (all) => {
      const { retired, space, unlinked } = benchParts();
      const active: Ticket[] = [];
      const kept: Kept[] = [];
      for (const { kind, which } of all) {
        const chosen = active[which % Math.max(1, active.length)];
        if (kind === 0 || chosen === undefined) active.push(retired.enter());
        else if (kind === 1) {
          const page = unlinked();
          kept.push({ page, by: new Set(active) });
          retired.retire(page);
        } else {
          active.splice(active.indexOf(chosen), 1);
          for (const { by } of kept) by.delete(chosen);
          retired.leave(chosen);
        }
        const early = kept.filter(({ page, by }) => by.size > 0 && space.isFree(page));
        expect(early).toEqual([]);
        for (let i = kept.length - 1; i >= 0; i--) if (kept[i]?.by.size === 0) kept.splice(i, 1);
        expect(retired.count).toBe(kept.length);
      }
      for (const ticket of active) retired.leave(ticket);
      expect(retired.count).toBe(0);
    });
    fc.assert(property, { seed, numRuns: 200 });
  });
});
