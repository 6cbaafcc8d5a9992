// Runs the published test suite of abstract-level, as it is, over tables of one database, while
// another table of it is written to, read and cleared all the time.
// Usage: node table-suite.mjs DATABASE-MODULE
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { openTables } = await import(process.argv[2]);
const require = createRequire(import.meta.url);
const tape = require("tape");
const suite = require("abstract-level/test");

const root = mkdtempSync(join(tmpdir(), "latchwork-table-suite-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));

const tables = await openTables(join(root, "db"), { poolBytes: 4 * 1024 * 1024 });
await tables.create("busy", { protocol: "crabbing", pageSize: 512, commitPolicy: "each" });
const busy = tables.table("busy");
let rounds = 0;
let isOver = false;

/** One round after the other; each leaves what the next one looks for. */
async function work() {
  while (!isOver) {
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key) => busy.put(key, `round ${rounds}`)));
    const found = await busy.getMany(keys);
    if (found.some((value) => value !== `round ${rounds}`))
      throw new Error("a row of busy is lost");
    if (rounds % 5 === 0) await busy.clear();
    rounds++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const working = work();

// Each database that the suite asks for is an empty table, at once; so some are made ahead, and one
// that was used some time ago is emptied and used again.
const AHEAD = 120;
const KEPT = 30;
const ready = [];
const used = [];
let asked = 0;
let emptying = Promise.resolve();

for (let made = 0; made < AHEAD; made++) {
  await tables.create(`t${made}`);
  ready.push(`t${made}`);
}

async function empty(name) {
  const table = tables.table(name);
  await table.clear();
  await table.close();
  ready.push(name);
}

suite({
  test: tape,
  factory: (options) => {
    const name = ready.shift();
    used.push(name);
    asked++;
    if (used.length > KEPT) {
      const old = used.shift();
      emptying = emptying.then(() => empty(old));
    }
    return tables.table(name, options);
  },
});

tape.onFinish(async () => {
  isOver = true;
  await Promise.all([working, emptying]);
  // Not closed: some tests of the suite leave levels open, and listeners that fail if they close.
  process.stdout.write(`# tables ${asked}\n# rounds ${rounds}\n`);
});
