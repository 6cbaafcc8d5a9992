import { describe, expect, it } from "vitest";
import { anchorsOf, checkDocLinks } from "./doc-links.ts";
import { checkBenchWords } from "./bench-words.ts";
import { checkDocTables } from "./doc-tables.ts";
import { checkFileShape, checkMachinePaths, checkReadmeLength } from "./file-shape.ts";
import { checkFolderDoors } from "./folder-doors.ts";
import { checkImportCircles } from "./import-circles.ts";
import { ROOMS, checkImportDirection, importsOf } from "./import-direction.ts";
import { checkLatchWords } from "./latch-words.ts";
import { checkOneEscaper } from "./one-escaper.ts";
import { type Finding, type SourceFile, ignoredNames, renderFindings } from "./source-tree.ts";
import { checkTextSurgery } from "./text-surgery.ts";

type Check = (files: readonly SourceFile[]) => Finding[];

/** Runs a check on planted files, given as path and text, and renders what it found. */
function found(check: Check, planted: Readonly<Record<string, string>>): string {
  return renderFindings(check(Object.entries(planted).map(([path, text]) => ({ path, text }))));
}

const importing = (specifier: string): string => `\nimport { x } from "${specifier}";\n`;

describe("import direction", () => {
  it.each([
    ["src/task/clock.ts", "../latch/index.ts", "task may not import latch"],
    ["src/latch/table.ts", "../sim/index.ts", "latch may not import sim"],
    ["src/btree/protocols/b-link.ts", "../../engine/index.ts", "btree may not import engine"],
    ["src/wal/log.ts", "../btree/page.ts", "wal may not import btree"],
    ["src/engine/table.ts", "../linearizability/index.ts", "engine may not import lin"],
    ["src/engine/open.ts", "../drivers/index.ts", "engine may not import drivers"],
    ["src/drivers/loop.ts", "../engine/index.ts", "drivers may not import engine"],
    ["src/hunt/run.ts", "../level/index.ts", "hunt may not import level"],
    ["src/sim/disk.ts", "../storage/disk.ts", "sim may not import storage"],
    ["src/linearizability/checker.ts", "../latch/modes.ts", "linearizability may not import latch"],
    ["src/hunt/bugs/split-race.ts", "../../cli/main.ts", "hunt may not import cli"],
    ["src/lab/app.ts", "../cli/main.ts", "lab may not import cli"],
    ["src/btree/page.ts", "../index.ts", "btree may not import the package's entry"],
    ["src/index.ts", "./cli/main.ts", "src/index.ts may not import cli"],
    ["src/lab/app.ts", "../btree/page.ts", "lab enters a room only by its index.ts"],
    ["bench/reads.ts", "../src/btree/page.ts", "bench enters a room only by its index.ts"],
    ["src/task/clock.ts", "../../test/house/source-tree.ts", "leaves src/"],
  ])("reports %s importing %s", (path, specifier, rule) => {
    expect(found(checkImportDirection, { [path]: importing(specifier) })).toContain(
      `${path}:2 ${rule}`,
    );
  });

  it.each([
    ["src/btree/protocols/b-link.ts", "../page.ts"],
    ["src/btree/protocols/b-link.ts", "../../latch/table.ts"],
    ["src/lsm/memtable.ts", "../btree/page.ts"],
    ["src/engine/table.ts", "../lsm/index.ts"],
    ["src/level/table.ts", "../drivers/index.ts"],
    ["src/sim/scheduler.ts", "../task/step.ts"],
    ["src/hunt/bugs/split-race.ts", "../../btree/protocols/crabbing.ts"],
    ["src/hunt/run.ts", "../sim/index.ts"],
    ["src/cli/main.ts", "../hunt/run.ts"],
    ["src/cli/main.ts", "../index.ts"],
    ["src/index.ts", "./engine/index.ts"],
    ["src/lab/app.ts", "../hunt/index.ts"],
    ["bench/reads.ts", "../src/index.ts"],
    ["bench/reads.ts", "./harness.ts"],
    ["test/btree/page.test.ts", "../../src/btree/page.ts"],
    ["src/task/clock.ts", "fast-check"],
  ])("lets %s import %s", (path, specifier) => {
    expect(found(checkImportDirection, { [path]: importing(specifier) })).toBe("");
  });

  it("reports code that belongs to no room", () => {
    expect(found(checkImportDirection, { "src/utils/x.ts": "", "src/misc.ts": "" })).toBe(
      "src/utils/x.ts:1 belongs to no room of src/\nsrc/misc.ts:1 belongs to no room of src/",
    );
  });

  it("lets no engine room import the simulator, the checker or the hunt", () => {
    const engine = ROOMS.slice(0, ROOMS.indexOf("sim"));
    const above = ROOMS.slice(ROOMS.indexOf("sim"));
    const planted = engine.flatMap((room) =>
      above.map((upper) => ({ path: `src/${room}/a.ts`, text: importing(`../${upper}/index.ts`) })),
    );
    expect(checkImportDirection(planted)).toHaveLength(engine.length * above.length);
  });

  it("sees every form of import, and none inside comments", () => {
    const text = [
      'import { a } from "./a.ts";',
      "import {",
      "  type B,",
      '} from "./b.ts";',
      'import "./c.ts";',
      'export { d } from "./d.ts";',
      'const e = await import("./e.ts");',
      'type F = import("./f.ts").F;',
      '// import { g } from "./g.ts";',
      ' * import("./h.ts")',
      'export const i = 1; const from = "./i.ts";',
    ].join("\n");
    expect(importsOf(text)).toEqual([
      { specifier: "./a.ts", line: 1 },
      { specifier: "./b.ts", line: 4 },
      { specifier: "./c.ts", line: 5 },
      { specifier: "./d.ts", line: 6 },
      { specifier: "./e.ts", line: 7 },
      { specifier: "./f.ts", line: 8 },
    ]);
  });
});

describe("import circles", () => {
  it("prints a circle of types, and what only leads to it is no part of it", () => {
    const planted = {
      "src/task/a.ts": importing("./b.ts"),
      "src/task/b.ts": '\nimport type { x } from "./c.ts";\n',
      "src/task/c.ts": '\nexport type { x } from "./b.ts";\n',
    };
    expect(found(checkImportCircles, planted)).toBe(
      "src/task/b.ts:1 is imported by what it imports: " +
        "src/task/b.ts -> src/task/c.ts -> src/task/b.ts",
    );
  });

  it("prints every circle once, through another room as well", () => {
    const planted = {
      "src/latch/a.ts": importing("../task/b.ts"),
      "src/task/b.ts": importing("../latch/a.ts"),
      "src/wal/c.ts": importing("./d.ts"),
      "src/wal/d.ts": importing("./c.ts"),
    };
    expect(found(checkImportCircles, planted).split("\n")).toHaveLength(2);
  });

  it("lets two ways lead to one file", () => {
    const planted = {
      "src/task/a.ts": importing("./b.ts") + importing("./c.ts"),
      "src/task/b.ts": importing("./c.ts"),
      "src/task/c.ts": "",
    };
    expect(found(checkImportCircles, planted)).toBe("");
  });
});

describe("folder doors", () => {
  const essay = "/**\n * What latches are.\n */\nexport { x } from './x.ts';\n";

  it("reports a folder without index.ts", () => {
    expect(found(checkFolderDoors, { "src/latch/modes.ts": "" })).toBe(
      "src/latch:1 has no index.ts to open it",
    );
  });

  it("reports a door without essay", () => {
    expect(found(checkFolderDoors, { "src/latch/index.ts": "export const x = 1;\n" })).toContain(
      "src/latch/index.ts:1 must open with a block comment",
    );
  });

  it("reports an essay over 60 lines", () => {
    const long = `/*\n${" *\n".repeat(59)} */\n`;
    expect(found(checkFolderDoors, { "src/latch/index.ts": long })).toBe(
      "src/latch/index.ts:1 opens with 61 lines of comment, over 60",
    );
  });

  it.each([
    "export * from './x.ts';",
    "export * as x from './x.ts';",
    "export type * from './x.ts'",
  ])("reports %s anywhere in src", (line) => {
    const planted = { "src/latch/index.ts": essay, "src/latch/x.ts": `\n${line}\n` };
    expect(found(checkFolderDoors, planted)).toContain("src/latch/x.ts:2 export *");
  });

  it("accepts an essay, a program's main.ts and the empty placeholder", () => {
    const planted = {
      "src/index.ts": "export {};\n",
      "src/latch/index.ts": essay,
      "src/cli/main.ts": `#!/usr/bin/env node\n${essay}`,
    };
    expect(found(checkFolderDoors, planted)).toBe("");
  });
});

describe("file shape", () => {
  it.each(["src/latch/LatchTable.ts", "src/latch/latch_table.ts", "test/wal/Log.test.ts"])(
    "reports the name %s",
    (path) => {
      expect(found(checkFileShape, { [path]: "" })).toBe(`${path}:1 name must be kebab-case`);
    },
  );

  it("reports the 501st line", () => {
    expect(found(checkFileShape, { "test/a.test.ts": "x\n".repeat(501) })).toContain(
      "test/a.test.ts:501 has 501 lines",
    );
  });

  it("reports the 101st column, in src only", () => {
    const wide = `\n${"x".repeat(101)}\n`;
    expect(found(checkFileShape, { "src/a.ts": wide, "test/a.test.ts": wide })).toBe(
      "src/a.ts:2 is 101 columns, over 100",
    );
  });

  it("accepts full lines, full files, links and golden scripts' own names", () => {
    const planted = {
      "src/a.ts": "x\n".repeat(500),
      "src/b-link.ts": `${"ü".repeat(100)}\n * https://example.org/${"x".repeat(100)}\n`,
      "test/btree/b-link.test.ts": "",
      "test/btree/golden/split_while_reader_descends.txt": "",
    };
    expect(found(checkFileShape, planted)).toBe("");
  });
});

describe("README length", () => {
  it("reports 150 lines and accepts 149", () => {
    expect(found(checkReadmeLength, { "README.md": "x\n".repeat(150) })).toContain(
      "README.md:150 has 150 lines",
    );
    expect(found(checkReadmeLength, { "README.md": "x\n".repeat(149) })).toBe("");
  });
});

describe("the words of benchmarks", () => {
  const scripts = '{ "bench:a": "npm run build && node dist-bench/bench/a.js" }';

  it("reports one that reads none, and accepts one that does", () => {
    const silent = { "package.json": scripts, "bench/a.ts": "run();\n" };
    expect(found(checkBenchWords, silent)).toContain("package.json:1 bench/a.ts has no --help");
    const polite = { "package.json": scripts, "bench/a.ts": 'acceptWords(words, "a");\n' };
    expect(found(checkBenchWords, polite)).toBe("");
  });
});

describe("machine paths", () => {
  // Put together here, so that this file does not itself break the rule.
  const path = ["", "work", "main"].join("/");

  it.each([`cd ${path}`, `"${path}"`, path, `file://${path}`])("reports %s", (text) => {
    expect(found(checkMachinePaths, { "docs/a.md": `\n${text}` })).toContain("docs/a.md:2 names");
  });

  it("accepts longer paths that only contain one", () => {
    expect(found(checkMachinePaths, { "docs/a.md": `src${path} ./${path.slice(1)}` })).toBe("");
  });
});

describe("latch words", () => {
  it.each(["lock", "rootLock", "LockTable", "LOCK_TABLE", "RWLock", "unlock", "locks", "isLocked"])(
    "reports %s",
    (word) => {
      const planted = { "src/latch/table.ts": `\nconst ${word} = 1;`, "src/wal/log.ts": word };
      expect(found(checkLatchWords, planted)).toMatch(
        /^src\/latch\/table\.ts:2 says "\w+" where a latch is meant$/,
      );
    },
  );

  it.each([
    "block blocking blocked clock Clock deadlock DeadlockError interlock",
    "A latch is not a lock. A lock file, a lock-free read, the lock manager.",
    "Left out: locks, which is what transactions hold.",
    '"Efficient Locking for Concurrent Operations on B-Trees"',
  ])("accepts %s", (text) => {
    expect(found(checkLatchWords, { "src/btree/index.ts": text })).toBe("");
  });
});

describe("doc links", () => {
  it("reports dead links, dead headings and dead pages", () => {
    const planted = {
      "README.md": "[a](docs/a.md)\n[b](docs/b.md)\n[c](docs/a.md#no)\n",
      "docs/a.md": "# Yes\n![d](./d.svg)\n[self](a.md)\n",
      "docs/lonely.md": "[self](lonely.md)\n",
    };
    expect(found(checkDocLinks, planted).split("\n")).toEqual([
      "README.md:2 links to docs/b.md, which does not exist",
      "README.md:3 links to docs/a.md#no, a heading that does not exist",
      "docs/a.md:2 links to ./d.svg, which does not exist",
      "docs/lonely.md:1 is linked from no page",
    ]);
  });

  it("accepts headings, folders, files, the web, code and a project without README", () => {
    const planted = {
      "docs/a.md": [
        "# A page: its `header`",
        "[h](#a-page-its-header) [src](../src/latch/) [f](../src/latch/index.ts)",
        "[w](https://example.org/x) `[code](nowhere.md)`",
        "```",
        "[code](nowhere.md)",
        "```",
      ].join("\n"),
      "src/latch/index.ts": "",
    };
    expect(found(checkDocLinks, planted)).toBe("");
  });

  it("numbers the anchors of headings that say the same", () => {
    expect([...anchorsOf("# Get\n## Get\n```\n# not one\n```\n## Put `x`\n")]).toEqual([
      "get",
      "get-1",
      "put-x",
    ]);
  });
});

describe("doc tables", () => {
  it("reports rows without a header, and each block of them once", () => {
    const table = "| a | b |\n|---|:-:|\n| 1 | 2 |\n";
    const planted = { "docs/a.md": `${table}\n| 3 | 4 |\n| 5 | 6 |\n`, "README.md": "| x |\n" };
    expect(found(checkDocTables, planted)).toBe(
      "docs/a.md:5 has a table without a header row\nREADME.md:1 has a table without a header row",
    );
  });

  it("accepts tables with headers, and bars in code", () => {
    const text = "text\n| a |\n|---|\n| 1 |\n```\n| no table |\n```\n";
    expect(found(checkDocTables, { "docs/a.md": text, "src/a.md": "| x |\n" })).toBe("");
  });
});

describe("one escaper", () => {
  it.each(["/[\\p{Cc}]/gu", "/\\p{Cf}/u", "/[\\u202a-\\u202e]/g", '"\\x1b"'])(
    "reports %s outside of its home",
    (pattern) => {
      const planted = { "src/cli/a.ts": `\n${pattern}`, "src/task/printable.ts": pattern };
      expect(found(checkOneEscaper, planted)).toMatch(/^src\/cli\/a\.ts:2 has /);
    },
  );

  it("accepts what a terminal is told on purpose", () => {
    expect(found(checkOneEscaper, { "src/cli/a.ts": "`\\r\\u001b[K`" })).toBe("");
  });
});

describe("text surgery", () => {
  it.each(["told.replace(/^latch /, x)", 'row.text.startsWith("enters ")', "PAGE.exec(text)"])(
    "is found: %s",
    (code) => {
      const planted = { "src/hunt/story/a.ts": `\n${code}` };
      expect(found(checkTextSurgery, planted)).toMatch(/^src\/hunt\/story\/a\.ts:2 has \./);
    },
  );

  it("is not to go through lines, nor to read what comes from outside", () => {
    const planted = {
      "src/hunt/story/a.ts": 'text.split("\\n")',
      "src/hunt/scenario/a.ts": "OPERATION.exec(text)",
      "test/a.ts": "told.replace(/x/, y)",
    };
    expect(found(checkTextSurgery, planted)).toBe("");
  });
});

describe("reading the tree", () => {
  it("leaves out what git ignores", () => {
    const ignored = ignoredNames("# comment\nnode_modules/\n\n*.tgz\n");
    expect([".git", "node_modules", "a.tgz"].every(ignored)).toBe(true);
    expect(["src", "tgz", "a.ts"].some(ignored)).toBe(false);
  });
});
