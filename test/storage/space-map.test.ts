import { describe, expect, it } from "vitest";
import {
  asEditor,
  formatSpacePage,
  isInUse,
  NO_PAGE,
  pageId,
  PageMemory,
  pagesOfSpacePage,
  rightOf,
  setInUse,
  setRight,
  SPACE_PAGE,
  SpaceMap,
} from "../../src/storage/index.ts";
import { runToCompletion } from "../../src/task/index.ts";
import { InvariantViolation } from "../../src/task/assert.ts";

const STRETCH = pagesOfSpacePage(512);

function freshMap(): { memory: PageMemory; space: SpaceMap } {
  const memory = new PageMemory({ pageSize: 512, chunkBytes: 2048 });
  formatSpacePage(asEditor(memory.frame(SPACE_PAGE)));
  const space = new SpaceMap(memory);
  space.reload();
  return { memory, space };
}

/** Takes a page and writes it down at once, as the commit of a change group does. */
function take(space: SpaceMap): number {
  const id = space.allocate();
  space.setUnlogged(id, true);
  return id;
}

function free(space: SpaceMap, id: number): void {
  space.setUnlogged(pageId(id), false);
  space.release(pageId(id));
}

describe("the space map", () => {
  it("uses new pages in order and freed pages last in, first out", () => {
    const { space } = freshMap();
    expect([take(space), take(space), take(space)]).toEqual([2, 3, 4]);
    free(space, 2);
    free(space, 4);
    expect([...space]).toEqual([4, 2]);
    expect(space.isFree(pageId(4))).toBe(true);
    expect([take(space), take(space), take(space)]).toEqual([4, 2, 5]);
    expect(space.isFree(pageId(4))).toBe(false);
    expect(space.freeCount).toBe(0);
  });

  it("refuses to free a page twice, or a page that is never free", () => {
    const { space } = freshMap();
    take(space);
    free(space, 2);
    expect(() => space.release(pageId(2))).toThrow(InvariantViolation);
    expect(() => space.release(SPACE_PAGE)).toThrow(InvariantViolation);
  });

  it("forgets pages that were given back as if they had never been taken", () => {
    const { space } = freshMap();
    for (let i = 0; i < 3; i++) take(space);
    free(space, 3);
    const before = { free: [...space], highWater: space.highWater };
    const taken = [space.allocate(), space.allocate(), space.allocate()];
    for (const id of taken.toReversed()) space.giveBack(id);
    expect({ free: [...space], highWater: space.highWater }).toEqual(before);
    expect(taken).toEqual([3, 5, 6]);
  });

  it("comes back with the memory, the lowest free page first", () => {
    const { memory, space } = freshMap();
    for (let i = 0; i < 6; i++) take(space);
    for (const id of [3, 6, 4]) free(space, id);
    const snapshot = memory.snapshot();
    for (let i = 0; i < 5; i++) take(space);
    memory.restore(snapshot);
    space.reload();
    expect([...space]).toEqual([3, 4, 6]);
    expect(space.highWater).toBe(8);
  });

  it("makes a further space page when the first is full, and finds both again", () => {
    const { memory, space } = freshMap();
    const taken = Array.from({ length: STRETCH + 10 }, () => take(space));
    expect(taken).not.toContain(STRETCH + 1);
    expect(space.spacePages).toBe(2);
    expect(rightOf(memory.frame(SPACE_PAGE))).toBe(STRETCH + 1);
    expect(rightOf(memory.frame(pageId(STRETCH + 1)))).toBe(NO_PAGE);
    expect(isInUse(memory.frame(pageId(STRETCH + 1)), pageId(STRETCH + 1))).toBe(true);
    free(space, STRETCH + 3);
    free(space, STRETCH);
    const other = new SpaceMap(memory);
    runToCompletion(other.load(memory.capacity));
    expect([...other]).toEqual([STRETCH, STRETCH + 3]);
    expect(other.highWater).toBe(space.highWater);
  });

  it.each<[string, string, (memory: PageMemory) => void]>([
    [
      "a page that is none",
      "it is not a space page",
      (memory) => memory.frame(SPACE_PAGE).bytes.fill(0),
    ],
    [
      "a chain that leads astray",
      "the next space page is 3, not 3713",
      (memory) => setRight(asEditor(memory.frame(SPACE_PAGE)), pageId(3)),
    ],
    [
      "bits of pages that are not there",
      "page 99 is in use, but there are 4 pages",
      (memory) => setInUse(asEditor(memory.frame(SPACE_PAGE)), pageId(99), true),
    ],
  ])("does not load %s", (_, problem, plant) => {
    const { memory, space } = freshMap();
    take(space);
    plant(memory);
    const message = `page 1: ${problem}`;
    const isBadPage = expect.objectContaining({ code: "BAD_PAGE", message });
    expect(() => runToCompletion(space.load(memory.capacity))).toThrow(isBadPage);
    expect(() => runToCompletion(space.load(memory.capacity, "pages"))).toThrow(
      `pages: page 1 (offset ${memory.pageSize}): ${problem}`,
    );
  });
});
