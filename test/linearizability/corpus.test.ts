import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkRow, readCorpus, readRow } from "../../bench/corpus-rows.ts";
import { checkHistory, explain } from "../../src/linearizability/index.ts";
import { isExplained, subjectOf } from "../support/forget.ts";

// Histories that others wrote, with verdicts, for whoever has them beside the project or names their
// directory in HISTORIES.
const directory =
  process.env["HISTORIES"] ?? fileURLToPath(new URL("../../../shared/histories", import.meta.url));
const rows = readCorpus(directory);
const folders = ["etcd/", "kv/", "knossos/", "synthetic/"];

describe.skipIf(rows === null)("the corpus beside the project", () => {
  it.each(folders)("%s has the verdicts that are known", (folder) => {
    const mine = (rows ?? []).filter(({ file }) => file.startsWith(folder));
    expect(mine.length).toBeGreaterThan(0);
    const wrong = mine
      .map((row) => checkRow(directory, row, 60_000))
      .filter(({ verdict, expected }) => verdict !== expected)
      .map(({ file, verdict, expected }) => `${file}: ${verdict}, expected ${expected}`);
    expect(wrong).toEqual([]);
  });

  it("has no file besides", () => {
    const others = (rows ?? []).filter(({ file }) =>
      folders.every((name) => !file.startsWith(name)),
    );
    expect(others).toEqual([]);
  });

  it("is explained by cores of which no operation can be forgotten", () => {
    const broken = (rows ?? []).filter(({ expected }) => expected === "not-linearizable");
    const sizes = broken.flatMap((row) => {
      const read = readRow(directory, row);
      const verdict = checkHistory(read.history, read.model);
      if (verdict.kind !== "not-linearizable") return [];
      const { core, isMinimal, sentences } = explain(read.history, read.model, verdict);
      const subject = subjectOf(read.history, read.model, verdict.keys);
      expect(isMinimal, `${row.file} is minimal`).toBe(true);
      expect(isExplained(subject, core, "search"), `${row.file} has a core`).toBe(false);
      for (const id of core) {
        const rest = core.filter((other) => other !== id);
        expect(isExplained(subject, rest, "search"), `${row.file} without ${id}`).toBe(true);
      }
      expect(sentences.length).toBeGreaterThan(0);
      return [core.length];
    });
    expect(sizes.length).toBeGreaterThan(40);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });
});
