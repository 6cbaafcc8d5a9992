import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the commands of this folder tell with `--json`. */
export interface Outcome {
  readonly rounds: number;
  readonly problems: readonly string[];
}

/** Runs one of the commands as a user does, in a process of its own. */
export function runCommand<Told extends Outcome>(name: string, rounds: number): Promise<Told> {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [path, "--rounds", String(rounds), "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on("close", () => {
      try {
        resolve(JSON.parse(text) as Told);
      } catch {
        reject(new Error(`${name} told no outcome: ${text}`));
      }
    });
  });
}
