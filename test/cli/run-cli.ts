import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";

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

/** Runs the command to its end. */
export function runCli(args: readonly string[], input = ""): Promise<CliResult> {
  const child = startCli(args);
  child.stdin.end(input);
  return ended(child);
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
