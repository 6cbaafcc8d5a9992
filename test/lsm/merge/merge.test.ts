import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MergeCursor, VisibleCursor } from "../../../src/lsm/merge/index.ts";
import { type Cursor, type Entry, SEQ_MAX } from "../../../src/lsm/index.ts";
import {
  DIRECT_HOST,
  LatchworkError,
  runToCompletion,
  type Task,
} from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { entries, lineOf, runOf, tombstone, value } from "../run/run-fixture.ts";
import { type Move, moves, SortedCursor, wayOf } from "../run/sorted-cursor.ts";

const numRuns = budget({ short: 300, campaign: 30_000 });

/** Which of four sources has each entry; some may be empty. */
const places = fc.array(fc.nat(3), { minLength: 60, maxLength: 60 });
/** Whether the sources are runs, whose moves are done at once. */
const areRuns = fc.boolean();

function merged(list: readonly Entry[], where: readonly number[], inRuns: boolean): MergeCursor {
  const cursors = [0, 1, 2, 3].map((source): Cursor => {
    const own = list.filter((_, i) => where[i] === source);
    return inRuns && own.length > 0 ? runOf(own).cursor() : new SortedCursor(own);
  });
  return new MergeCursor(cursors);
}

/** What a reader at a number sees. */
function visible(list: readonly Entry[], seq: number): Entry[] {
  const newest = new Map<string, Entry>();
  for (const entry of list) {
    const key = String(entry.key);
    if (entry.seq <= seq && !newest.has(key)) newest.set(key, entry);
  }
  return [...newest.values()].filter(({ kind }) => kind === "value");
}

/** So that a way through entries can lead through what is visible, too. */
class AsCursor implements Cursor {
  readonly #cursor: VisibleCursor;

  constructor(cursor: VisibleCursor) {
    this.#cursor = cursor;
  }

  get entry(): Entry {
    return this.#cursor.entry;
  }

  seek(key: Uint8Array | null): Task<void> {
    return this.#cursor.seek(key);
  }

  seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    return this.#cursor.seekBack(key, isInclusive);
  }

  next(): Task<boolean> {
    return this.#cursor.next();
  }

  previous(): Task<boolean> {
    return this.#cursor.previous();
  }

  close(): void {
    this.#cursor.close();
  }
}

describe("a merge of cursors", () => {
  it("is gone through as one sorted list is, whichever way", () => {
    fc.assert(
      fc.property(entries, places, areRuns, moves, (list, where, inRuns, way) => {
        const cursor = merged(list, where, inRuns);
        expect(wayOf(cursor, way)).toEqual(wayOf(new SortedCursor(list), way));
      }),
      { numRuns },
    );
  });

  it("of nothing is empty", () => {
    const way: Move[] = [
      { kind: "next", times: 2 },
      { kind: "previous", times: 2 },
    ];
    expect(wayOf(new MergeCursor([]), way)).toEqual([
      "next: none",
      "next: none",
      "previous: none",
      "previous: none",
    ]);
  });
});

/** A source whose moves fail, or not, as it is told. */
class FailingCursor extends SortedCursor {
  failsIn = Number.POSITIVE_INFINITY;

  override *next(): Task<boolean> {
    this.#count();
    return yield* super.next();
  }

  override *previous(): Task<boolean> {
    this.#count();
    return yield* super.previous();
  }

  #count(): void {
    if (--this.failsIn > 0) return;
    this.failsIn = Number.POSITIVE_INFINITY;
    throw new LatchworkError("DISK_ERROR", "read of a run at 0: it failed");
  }
}

/** What is thrown, or nothing. */
function messageOf(run: () => void): string {
  try {
    run();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : "no error";
  }
}

describe("a fault below", () => {
  it("comes to whoever moves, and a seek makes all good again", () => {
    const failure = fc.record({
      at: fc.integer({ min: 1, max: 12 }),
      way: fc.constantFrom("next" as const, "previous" as const),
    });
    fc.assert(
      fc.property(entries, places, failure, moves, (list, where, { at, way }, later) => {
        const parts = [0, 1].map((part) => list.filter((_, i) => (where[i] ?? 0) % 2 === part));
        const sources = parts.map((part) => new FailingCursor(part));
        const below = new MergeCursor(sources);
        const cursor = new VisibleCursor(below, SEQ_MAX, DIRECT_HOST);
        if (way === "previous") runToCompletion(cursor.seekBack(null, true));
        for (const source of sources) source.failsIn = at;
        const told = messageOf(() => {
          while (runToCompletion(cursor[way]()));
        });
        const again = messageOf(() => runToCompletion(cursor[way]()));
        for (const source of sources) source.failsIn = Number.POSITIVE_INFINITY;
        // Each source is asked once more than it has entries.
        const isTold = parts.some((part) => part.length + 1 >= at);
        expect(told).toBe(isTold ? "read of a run at 0: it failed" : "");
        expect(again).toContain(isTold ? "seeks anew after a fault" : "");
        expect(again === "").toBe(!isTold);
        runToCompletion(cursor.seek(null));
        const asked = later.filter((move) => move.kind !== "seek");
        const expected = wayOf(new SortedCursor(visible(list, SEQ_MAX)), asked);
        expect(wayOf(new AsCursor(cursor), asked)).toEqual(expected);
      }),
      { numRuns },
    );
  });
});

describe("what a reader at a number sees", () => {
  it("is the newest value of each key, whichever way it is gone through", () => {
    const seqs = fc.oneof(fc.nat(13), fc.constant(SEQ_MAX));
    fc.assert(
      fc.property(entries, places, areRuns, seqs, moves, (list, where, inRuns, seq, way) => {
        const cursor = new VisibleCursor(merged(list, where, inRuns), seq, DIRECT_HOST);
        // Places between entries of one key are not asked for.
        const asked = way.map((move): Move =>
          move.kind === "seek" ? { ...move, seq: SEQ_MAX } : move,
        );
        const seen = wayOf(new AsCursor(cursor), asked);
        expect(seen).toEqual(wayOf(new SortedCursor(visible(list, seq)), asked));
      }),
      { numRuns: 2 * numRuns },
    );
  });

  it("does not show a key again that it has turned around on, whatever is hidden beside it", () => {
    const list = [value("a", 1), tombstone("b", 9), value("b", 2), value("c", 3), value("d", 12)];
    const cursor = new VisibleCursor(new SortedCursor(list), 10, DIRECT_HOST);
    runToCompletion(cursor.seekBack(null, true));
    const shown: string[] = [];
    for (const move of ["previous", "next", "previous", "previous", "next", "next"] as const) {
      shown.push(runToCompletion(cursor[move]()) ? lineOf(cursor.entry) : "none");
    }
    expect(shown).toEqual(["99 @3 = ", "none", "99 @3 = ", "97 @1 = ", "99 @3 = ", "none"]);
  });

  it("lets others have a turn where it passes many entries that nobody sees", () => {
    const list = [
      ...Array.from({ length: 2000 }, (_, i) => tombstone(`k${String(i).padStart(4, "0")}`, 5)),
      value("z", 6),
    ];
    let asked = 0;
    const host = {
      ...DIRECT_HOST,
      pauseIfDue: () => {
        asked++;
        return DIRECT_HOST.sleep(0);
      },
    };
    const cursor = new VisibleCursor(runOf(list, {}).cursor(), SEQ_MAX, host);
    expect(runToCompletion(cursor.next())).toBe(true);
    expect(lineOf(cursor.entry)).toBe("122 @6 = ");
    expect(asked).toBe(7);
    runToCompletion(cursor.previous());
    expect(asked).toBe(14);
  });
});
