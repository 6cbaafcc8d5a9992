// Kills the writer again and again, and looks each time at what is left of its database.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "../../dist/database/index.js";

const WRITER = fileURLToPath(new URL("writer.mjs", import.meta.url));

/** What the writers have said: the value of each key, and what may have happened beside. */
export class Expected {
  /** Acknowledged values; keys that are absent are deleted. */
  values = new Map();
  /** By writer: its operation in flight, as [key, value or null] pairs. */
  open = new Map();
  acknowledged = 0;

  take(line) {
    const [word, writer, , text] = line.split(" ");
    if (word === "begin") {
      const pairs = text.split(",").map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), pair.slice(at + 1) || null];
      });
      this.open.set(writer, pairs);
    } else if (word === "ack") {
      this.#apply(this.open.get(writer));
      this.open.delete(writer);
      this.acknowledged++;
    }
  }

  /** Compares with what the database holds, operation by operation in flight: all or nothing. */
  problems(found) {
    const problems = [];
    const pending = new Map();
    for (const [writer, pairs] of this.open) {
      const isAll = pairs.every(([key, value]) => (found.get(key) ?? null) === value);
      if (isAll) this.#apply(pairs);
      else for (const [key] of pairs) pending.set(key, writer);
    }
    this.open.clear();
    for (const key of new Set([...this.values.keys(), ...found.keys()])) {
      const [right, is] = [this.values.get(key) ?? null, found.get(key) ?? null];
      if (right === is) continue;
      const beside = pending.has(key) ? ` (writer ${pending.get(key)} was at it)` : "";
      problems.push(`key ${key}: ${brief(is)}, acknowledged ${brief(right)}${beside}`);
    }
    return problems;
  }

  #apply(pairs) {
    for (const [key, value] of pairs) {
      if (value === null) this.values.delete(key);
      else this.values.set(key, value);
    }
  }
}

function brief(value) {
  return value === null ? "absent" : JSON.stringify(value.slice(0, 20));
}

/** Starts the writer, kills it after so many milliseconds of work, and takes down what it said. */
export function runAndKill(directory, options, seed, number, killAfterMs, expected) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [WRITER, directory, JSON.stringify(options), seed, String(number)],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let rest = "";
    let errors = "";
    let highest = number;
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line === "open") setTimeout(() => child.kill("SIGKILL"), killAfterMs);
        else {
          expected.take(line);
          highest = Math.max(highest, Number(line.split(" ")[2]));
        }
      }
    });
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(highest + 1);
      else reject(new Error(`the writer ended by itself, with code ${code}: ${errors}`));
    });
  });
}

/** Opens the database anew, reads all of it, and checks it. */
export async function readAll(directory, options) {
  const { writers: _writers, keysEach: _keys, ...own } = options;
  const database = await open(directory, own);
  const found = new Map(await database.iterator().all());
  const report = await database.check();
  await database.close();
  return { found, report };
}

/** One directory, killed as often as said. Returns what was acknowledged and what is wrong. */
export async function killRounds({ rounds, seed, prng, options, onRound }) {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-kill-"));
  const expected = new Expected();
  const problems = [];
  let number = 0;
  try {
    for (let round = 0; round < rounds && problems.length === 0; round++) {
      const killAfterMs = prng.below(60);
      number = await runAndKill(
        directory,
        options,
        `${seed}/${round}`,
        number,
        killAfterMs,
        expected,
      );
      const { found, report } = await readAll(directory, options);
      problems.push(...expected.problems(found), ...report.problems);
      onRound?.(round, expected, directory);
    }
  } finally {
    if (problems.length === 0) rmSync(directory, { recursive: true });
  }
  return { acknowledged: expected.acknowledged, keys: expected.values.size, problems, directory };
}
