import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const WRITER = fileURLToPath(new URL("writer.mjs", import.meta.url));
const READER = fileURLToPath(new URL("reader.mjs", import.meta.url));
/** A writer that is to die at a file operation dies at this time if it never gets there. */
const LONGEST_LIFE_MS = 1_500;
/** Nothing here takes a tenth of that, even on a busy machine. */
const ANSWER_MS = 60_000;

/**
 * Starts the writer, kills it, and takes down what it said.
 *
 * @param order What the writer is told: directory, chdirTo, options, seed, firstNumber, load, fate,
 *   isIdle, closesAfterMs; and `cwd`, the directory in which it begins.
 * @param kill When: so many milliseconds after the line `start` or `open`; or by its fate.
 * @returns the number that the next writer may begin with.
 */
export function runAndKill(order, kill, expected) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, JSON.stringify(order)], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: order.cwd,
    });
    let rest = "";
    let errors = "";
    let highest = order.firstNumber;
    const strike = () => child.kill("SIGKILL");
    const timers = [setTimeout(strike, ANSWER_MS)];
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    child.stdout.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line === kill.since) timers.push(setTimeout(strike, kill.afterMs));
        if (line === "open") timers.push(setTimeout(strike, LONGEST_LIFE_MS));
        if (line === "start" || line === "open") continue;
        expected.take(line);
        highest = Math.max(highest, Number(line.split(" ")[2]) || 0);
      }
    });
    child.on("close", (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const hasClosed = code === 0 && order.closesAfterMs !== undefined;
      if (signal === "SIGKILL" || hasClosed) resolve(highest + 1);
      else reject(new Error(`the writer ended by itself, with code ${code}: ${errors}`));
    });
  });
}

/** A process that reads databases; a new one takes its place if it dies or hangs. */
export class Reader {
  #child = null;
  #errors = "";

  /** Gives what the reader tells, or `{ crash: TEXT }`. */
  ask(request) {
    const child = this.#running();
    return new Promise((resolve) => {
      const answered = (answer) => {
        clearTimeout(timer);
        child.off("exit", died);
        child.off("message", answered);
        resolve(answer);
      };
      const died = (code, signal) => {
        this.#child = null;
        answered({ crash: `the reader ended: ${code ?? signal}: ${this.#errors}` });
      };
      const timer = setTimeout(() => {
        this.#child = null;
        child.kill("SIGKILL");
        answered({ crash: `no answer in ${ANSWER_MS} ms` });
      }, ANSWER_MS);
      child.on("exit", died);
      child.on("message", answered);
      child.send(request);
    });
  }

  close() {
    this.#child?.disconnect();
    this.#child = null;
  }

  #running() {
    if (this.#child !== null) return this.#child;
    this.#errors = "";
    const child = fork(READER, { stdio: ["ignore", "inherit", "pipe", "ipc"] });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#errors += text;
    });
    this.#child = child;
    return child;
  }
}
