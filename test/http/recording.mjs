import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const CHECK = ["--model", "kv", "--scan", "per-key"];
const TIMEOUT_S = 300;

/** A history that goes to a file, and what `latchwork check` says of it. */
export class Recording {
  #file;

  constructor(path) {
    this.path = path;
    this.#file = openSync(path, "w");
  }

  write = (text) => {
    writeSync(this.#file, text);
  };

  /** Ends the recording and has it checked; gives what is wrong. A right one is removed. */
  async check() {
    closeSync(this.#file);
    const words = ["check", this.path, ...CHECK, "--timeout", String(TIMEOUT_S), "--explain"];
    const { code, text } = await run(words);
    if (code !== 0) return [`${text.trim()}\nkept: ${this.path}`];
    rmSync(this.path);
    return [];
  }
}

function run(words) {
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, text }));
  });
}
