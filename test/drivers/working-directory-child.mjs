// Opens databases by relative paths and changes the working directory under them.
// Usage: node working-directory-child.mjs CASE ROOT; prints what came of it as JSON.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  inspectDirectory,
  LatchworkLevel,
  open,
  recoverDirectory,
  verifyDirectory,
} from "../../dist/level/index.js";

const [name, root] = process.argv.slice(2);
/** Small, so that a few writes begin many segments and make many checkpoints. */
const SMALL = { pageSize: 512, segmentBytes: 4_000, checkpointBytes: 8_000 };

async function fill(level, prefix, count) {
  const keys = Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
  for (const key of keys) await level.put(key, "v".repeat(60));
  return keys.toSorted();
}

async function keysIn(path) {
  const level = await open(path);
  const keys = await level.keys().all();
  await level.close();
  return keys;
}

function bytesOf(path) {
  const names = readdirSync(path).toSorted();
  return JSON.stringify(names.map((each) => [each, readFileSync(join(path, each), "hex")]));
}

const cases = {
  /** Another database of that name is in the other directory. */
  async open() {
    for (const each of ["here", "there"]) mkdirSync(join(root, each));
    process.chdir(join(root, "there"));
    const other = await open("db", SMALL);
    const theirs = await fill(other, "theirs", 10);
    await other.close();
    const before = bytesOf("db");
    process.chdir(join(root, "here"));
    const level = await open("db", SMALL);
    process.chdir(join(root, "there"));
    const ours = await fill(level, "ours", 300);
    await level.checkpoint();
    await level.close();
    return {
      isOtherTouched: bytesOf("db") !== before,
      isLockLeft: existsSync(join(root, "here", "db", "lock")),
      isEachWhole:
        String(await keysIn(join(root, "here", "db"))) === String(ours) &&
        String(await keysIn("db")) === String(theirs),
    };
  },
  /** The object is made in one directory, opened and reopened in another. */
  async later() {
    process.chdir(root);
    const level = new LatchworkLevel("db", SMALL);
    mkdirSync("elsewhere");
    process.chdir("elsewhere");
    await level.open();
    await level.put("a", "1");
    await level.close();
    await level.open();
    const value = await level.get("a");
    await level.close();
    return { value, elsewhere: readdirSync("."), isInPlace: existsSync(join(root, "db")) };
  },
  async tools() {
    process.chdir(root);
    const level = await open("db", SMALL);
    await fill(level, "key", 50);
    await level.close();
    mkdirSync("elsewhere");
    const calls = [
      () => inspectDirectory("db"),
      () => verifyDirectory("db"),
      () => recoverDirectory("db", true),
      () => recoverDirectory("db", false),
    ];
    const outcomes = [];
    for (const call of calls) {
      process.chdir(root);
      const result = call();
      process.chdir("elsewhere");
      outcomes.push(await result.then(() => "kept", String));
    }
    return { outcomes, elsewhere: readdirSync("."), isLockLeft: existsSync("../db/lock") };
  },
};

process.stdout.write(JSON.stringify(await cases[name]()));
