// Runs the published test suite of abstract-level, as it is, over one protocol.
// Usage: node level-suite.mjs DATABASE-MODULE STORAGE-MODULE PROTOCOL memory|files OPTIONS-AS-JSON
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [databaseModule, storageModule, protocol, where, more] = process.argv.slice(2);
const { LatchworkLevel } = await import(databaseModule);
const { MemoryDisk } = await import(storageModule);
const require = createRequire(import.meta.url);
const tape = require("tape");
const suite = require("abstract-level/test");

/** A level whose directory is in memory, and stays there while it is closed. */
class MemoryLevel extends LatchworkLevel {
  #disk = null;

  async takeDirectory() {
    this.#disk ??= new MemoryDisk();
    return { disk: this.#disk, confirm: () => undefined, release: () => undefined };
  }
}

const root = mkdtempSync(join(tmpdir(), "latchwork-suite-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));

const Level = where === "files" ? LatchworkLevel : MemoryLevel;
const own = { protocol, ...JSON.parse(more) };
let made = 0;

suite({
  test: tape,
  factory: (options) => new Level(join(root, String(made++)), { ...own, ...options }),
});
