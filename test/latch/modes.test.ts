import { describe, expect, it } from "vitest";
import {
  areCompatible,
  EXCLUSIVE,
  FAIRNESS_SETTINGS,
  type Mode,
  modeLetter,
  SHARED,
  UPDATE,
} from "../../src/latch/index.ts";
import { LatchBench } from "./latch-bench.ts";

const MODES: readonly Mode[] = [SHARED, UPDATE, EXCLUSIVE];

describe("latch modes", () => {
  it("fit as InnoDB's S, SX and X do, whichever came first", () => {
    const table = MODES.map((a) => MODES.map((b) => (areCompatible(a, b) ? "+" : "-")).join(""));
    expect(table).toEqual(["++-", "+--", "---"]);
    expect(MODES.map(modeLetter).join("")).toBe("SUX");
  });

  for (const fairness of FAIRNESS_SETTINGS) {
    it.each(MODES.flatMap((held) => MODES.map((wanted) => [held, wanted] as const)))(
      `are granted by that table when nobody waits (${fairness}, held %i, wanted %i)`,
      (held, wanted) => {
        const bench = new LatchBench(fairness);
        bench.ask(held);
        const late = bench.ask(wanted);
        expect(late.guard.isHeld).toBe(areCompatible(held, wanted));
        const tried = bench.try(wanted);
        expect(tried.guard.isHeld).toBe(late.guard.isHeld && areCompatible(wanted, wanted));
      },
    );
  }

  it.each(FAIRNESS_SETTINGS)(
    "an upgrade from U waits for the readers to leave (%s)",
    (fairness) => {
      const bench = new LatchBench(fairness);
      const reader = bench.ask(SHARED);
      const updater = bench.ask(UPDATE);
      bench.upgrade(updater);
      expect([updater.guard.state, updater.guard.heldMode]).toEqual(["queued", UPDATE]);
      expect(bench.blockersOf(updater)).toEqual([reader.task]);
      const newcomer = bench.ask(SHARED);
      expect(newcomer.guard.isHeld).toBe(fairness === "barging");
      bench.release(reader);
      if (fairness === "barging") bench.release(newcomer);
      expect([updater.guard.state, updater.guard.heldMode]).toEqual(["held", EXCLUSIVE]);
      bench.release(updater);
      expect(newcomer.guard.state).toBe(fairness === "barging" ? "released" : "held");
    },
  );

  it.each(FAIRNESS_SETTINGS)("an upgrade goes before an X that waits already (%s)", (fairness) => {
    const bench = new LatchBench(fairness);
    const updater = bench.ask(UPDATE);
    const writer = bench.ask(EXCLUSIVE);
    bench.upgrade(updater);
    expect([updater.guard.heldMode, writer.guard.state]).toEqual([EXCLUSIVE, "queued"]);
    bench.release(updater);
    expect(writer.guard.isHeld).toBe(true);
  });

  it("a U that waits keeps a reader out under fifo only", () => {
    const isLetIn = FAIRNESS_SETTINGS.map((fairness) => {
      const bench = new LatchBench(fairness);
      bench.ask(UPDATE);
      bench.ask(UPDATE);
      return bench.ask(SHARED).guard.isHeld;
    });
    expect(isLetIn).toEqual([false, true, true]);
  });

  it("a reader behind a U that waits names it as in its way, though the two fit", () => {
    const bench = new LatchBench("fifo");
    bench.ask(UPDATE);
    const waiting = bench.ask(UPDATE);
    expect(bench.blockersOf(bench.ask(SHARED))).toEqual([waiting.task]);
  });

  it("a U names the X that came after it and still goes before it", () => {
    const bench = new LatchBench("writer-preferring");
    bench.ask(SHARED);
    const first = bench.ask(UPDATE);
    const second = bench.ask(UPDATE);
    const writer = bench.ask(EXCLUSIVE);
    bench.release(first);
    expect(second.guard.state).toBe("queued");
    expect(bench.blockersOf(second)).toEqual([writer.task]);
  });
});
