import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";
import { shareOutput } from "../../src/cli/output.ts";
import { runCommand } from "../../src/cli/run.ts";

/** The command as it is published; `npm test` builds it first. */
export const MAIN: string = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** How one call of the command ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command in the project's folder, with plain output and `more` in its environment. */
export function startCli(
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, NO_COLOR: "1", ...more };
  return spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env, stdio: "pipe" });
}

/** Runs the command to its end, in a process of its own, with something on standard input. */
export function spawnCli(args: readonly string[], input = ""): Promise<CliResult> {
  const child = startCli(args);
  child.stdin.end(input);
  return ended(child);
}

/** What is run here comes one after the other: it has the streams of this thread to itself. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs the command to its end in this thread, which saves the half second that a process takes to
 * load it, with `more` in its environment. Standard input, signals and the end of a process are for {@link spawnCli}.
 */
export function runCli(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const result = before.then(() => runHere(args, { NO_COLOR: "1", ...more }));
  before = result.catch(() => undefined);
  return result;
}

async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CliResult> {
  const output = { stdout: "", stderr: "" };
  const restore = [
    capture(process.stdout, (text) => (output.stdout += text)),
    capture(process.stderr, (text) => (output.stderr += text)),
    ...Object.entries(environment).map(([name, value]) => setting(name, value)),
  ];
  try {
    await runCommand(args);
    return { code: Number(process.exitCode ?? 0), ...output };
  } finally {
    process.exitCode = undefined;
    shareOutput();
    for (const undo of restore) undo();
    // Each run listens for a Ctrl-C of its own.
    process.removeAllListeners("SIGINT");
  }
}

/** Gives `told` what is written to a stream, until it is undone. */
function capture(stream: NodeJS.WriteStream, told: (text: string) => void): () => void {
  const write = stream.write.bind(stream);
  stream.write = (text: string | Uint8Array, ...rest: unknown[]): boolean => {
    told(typeof text === "string" ? text : new TextDecoder().decode(text));
    const done = rest.at(-1);
    if (typeof done === "function") queueMicrotask(() => done());
    return true;
  };
  return () => {
    stream.write = write;
  };
}

function setting(name: string, value: string): () => void {
  const was = process.env[name];
  process.env[name] = value;
  return () => {
    if (was === undefined) delete process.env[name];
    else process.env[name] = was;
  };
}

/** Waits for a command that was started. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, ...output };
}
