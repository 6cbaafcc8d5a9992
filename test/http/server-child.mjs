import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
/** Nothing here takes a tenth of that, even on a busy machine. */
const START_MS = 60_000;
const STOP_LIMIT_S = 30;

/** A process of `latchwork serve`, as a user starts it. */
export class ServerChild {
  #child;
  #errors = "";
  #ended;

  constructor(words) {
    this.#child = spawn(process.execPath, [COMMAND, ...words], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#errors += text;
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on("exit", (code, signal) => resolve({ code, signal }));
    });
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param options What it serves, at which port (0 for any), and further words of its command line.
   * @throws Error if it ends before, or says nothing for a minute.
   */
  static async start({ directory, tables, port = 0, more = [] }) {
    const child = ServerChild.begin({ directory, tables, port, more });
    await child.listening();
    return child;
  }

  /** Starts one, and does not wait. */
  static begin({ directory, tables, port = 0, more = [] }) {
    const named = ["--tables", tables.join(","), "--port", String(port)];
    return new ServerChild(["serve", directory, ...named, "--json", ...more]);
  }

  async listening() {
    const lines = createInterface({ input: this.#child.stdout });
    const told = new Promise((resolve) => {
      lines.once("line", resolve);
    });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), START_MS);
    const first = await Promise.race([told, this.#ended]);
    clearTimeout(timer);
    if (typeof first !== "string") {
      throw new Error(`the server ended before it listened: ${this.#errors || first.signal}`);
    }
    const { url, port } = JSON.parse(first);
    this.url = url;
    this.port = port;
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it wrote to standard error: a right server has nothing to say there. */
  get errors() {
    return this.#errors;
  }

  /** Whether it still runs. */
  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends a signal and waits until the process has ended; gives how it did. */
  async end(signal) {
    this.#child.kill(signal);
    return this.#ended;
  }

  /** Stops it as an administrator does; gives what was wrong with that. */
  async stop() {
    const { code, signal } = await this.end("SIGTERM");
    if (code === 0 && this.#errors === "") return [];
    return [`the server stopped with ${code ?? signal}: ${this.#errors || "nothing said"}`];
  }

  /** How many files and sockets it has open; null where the system does not say. */
  openFiles() {
    return fromProc(() => readdirSync(`/proc/${this.pid}/fd`).length);
  }

  /** Its memory in bytes; null where the system does not say. */
  residentBytes() {
    return fromProc(() => {
      const text = readFileSync(`/proc/${this.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)[1]) * 1024;
    });
  }
}

function fromProc(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The words that make a server wait so long for connections when it stops. */
export const PATIENT = ["--stop-limit", String(STOP_LIMIT_S)];
