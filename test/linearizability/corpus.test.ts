import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkRow, readCorpus } from "../../bench/corpus-rows.ts";

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
});
