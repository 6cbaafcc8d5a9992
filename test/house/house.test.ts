import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkBenchWords } from "./bench-words.ts";
import { checkDocLinks } from "./doc-links.ts";
import { checkDocTables } from "./doc-tables.ts";
import { checkFileShape, checkMachinePaths, checkReadmeLength } from "./file-shape.ts";
import { checkFolderDoors } from "./folder-doors.ts";
import { checkImportCircles } from "./import-circles.ts";
import { checkImportDirection } from "./import-direction.ts";
import { checkLatchWords } from "./latch-words.ts";
import { checkOneEscaper } from "./one-escaper.ts";
import { readTree, renderFindings } from "./source-tree.ts";
import { checkTextSurgery } from "./text-surgery.ts";

const files = readTree(fileURLToPath(new URL("../..", import.meta.url)));

// Each name completes "the house ...". The checkers are themselves checked in checkers.test.ts.
describe("the house", () => {
  it.each([
    ["imports downwards only", checkImportDirection],
    ["draws no circle of imports, type imports included", checkImportCircles],
    ["opens every folder with an essay and exports by name", checkFolderDoors],
    ["keeps files short, narrow and kebab-case", checkFileShape],
    ["calls a latch a latch", checkLatchWords],
    ["has one function for what may be printed", checkOneEscaper],
    ["reads no meaning out of its own texts", checkTextSurgery],
    ["has no dead link and no dead page", checkDocLinks],
    ["sets every table under a header", checkDocTables],
    ["keeps its README to one sitting", checkReadmeLength],
    ["has benchmarks that refuse what they do not know", checkBenchWords],
    ["names no path of one machine", checkMachinePaths],
  ])("%s", (_, check) => {
    expect(renderFindings(check(files))).toBe("");
  });
});
