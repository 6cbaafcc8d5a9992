import { describe, expect, it } from "vitest";
import {
  bugNamed,
  matrix,
  MATRIX_STRATEGIES,
  type MatrixOptions,
  type MatrixRow,
} from "../../src/hunt/index.ts";

const OPTIONS = { seed: 1, seeds: 3, runsMax: 60 };

function rowsOf(options: Partial<MatrixOptions> = {}): MatrixRow[] {
  return [...matrix({ ...OPTIONS, ...options })].flatMap((news) =>
    news.kind === "row" ? news.row : [],
  );
}

describe("a matrix of bugs and strategies", () => {
  const bugs = ["C4", "C1", "K1", "D14"].map(bugNamed);

  it("has a row for each bug and none for a decoy, a cell for each strategy", () => {
    const rows = rowsOf({ bugs });
    expect(rows.map(({ id }) => id)).toEqual(["C4", "C1", "D14"]);
    for (const { cells } of rows) {
      expect(cells.map(({ strategy }) => strategy)).toEqual(MATRIX_STRATEGIES);
    }
    // Every schedule shows it.
    for (const { mean, hunts, found } of rows[0]?.cells ?? []) {
      expect({ mean, found }).toEqual({ mean: 1, found: hunts });
    }
  });

  it("counts the schedules of hunts that find nothing too", () => {
    // It takes three preemptions.
    const dfs = rowsOf({ bugs })[2]?.cells.find(({ strategy }) => strategy === "dfs:2");
    expect(dfs).toEqual({ strategy: "dfs:2", hunts: 1, found: 0, schedules: 60, mean: null });
    for (const { found, schedules, mean } of rowsOf({ bugs })[2]?.cells ?? []) {
      expect(mean).toBe(found === 0 ? null : schedules / found);
    }
  });

  it("is the same for the same seed, and another for another", () => {
    expect(rowsOf({ bugs })).toEqual(rowsOf({ bugs }));
    expect(rowsOf({ bugs, seed: 2 })).not.toEqual(rowsOf({ bugs }));
  });

  it("says how many hunts are over, to the last", () => {
    const news = [...matrix({ ...OPTIONS, bugs })].filter((one) => one.kind === "progress");
    const counts = news.map(({ hunts }) => hunts);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    // Depth-first search does the same whatever the seed.
    const huntsMax = 3 * ((MATRIX_STRATEGIES.length - 1) * OPTIONS.seeds + 1);
    expect(news.at(-1)).toEqual({ kind: "progress", hunts: huntsMax, huntsMax });
  });

  it("ends where it is stopped, with the rows that are done", () => {
    let asked = 0;
    const rows = rowsOf({ bugs, shouldStop: () => asked++ > 2000 });
    expect(rows.length).toBeLessThan(3);
  });
});
