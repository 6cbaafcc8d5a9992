import { type ChildProcess, spawn } from "node:child_process";
import { Refused } from "./command-line.ts";

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a program runs. */
export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Thrown by whatever was running, and by all that would run, once `stop` was called. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Runs one program at a time, and can end it together with all that it started. */
export class Children {
  #running: ChildProcess | null = null;
  #isStopped = false;

  /** Throws `Refused` with the program's last word, if it does not end with 0. */
  async run(what: string, [file, ...args]: readonly [string, ...string[]], { cwd, env }: Place) {
    if (this.#isStopped) throw new Interrupted();
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches only us, and we end the group, grandchildren included.
      detached: process.platform !== "win32",
    });
    this.#running = child;
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    const ended = await ending(child);
    this.#running = null;
    if (this.#isStopped) throw new Interrupted();
    if (ended !== "0") throw new Refused(`${what} ended with ${ended}: ${lastWord(output)}`);
    return output;
  }

  /** Ends what runs, and lets nothing run any more. Any number of calls. */
  stop(): void {
    this.#isStopped = true;
    const child = this.#running;
    if (child?.pid === undefined || child.exitCode !== null) return;
    try {
      if (process.platform === "win32") child.kill();
      else process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended in this very moment.
    }
  }
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(String(code ?? signal)));
  });
}

/** As Node and tsc write it; not the line of code beside it. */
const ERROR = /error[^(]*: /i;

/** The line that says most: the first that speaks of an error, or else the last one. */
export function lastWord({ stdout, stderr }: Output): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  const spoken = lines.filter((line) => line !== "");
  return spoken.find((line) => ERROR.test(line)) ?? spoken.at(-1) ?? "no word";
}
