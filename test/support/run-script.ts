import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a script as a user does, in a process of its own; gives what it tells with `--json`. */
export function runScript<Told>(script: URL, words: readonly string[]): Promise<Told> {
  const path = fileURLToPath(script);
  const child = spawn(process.execPath, [path, ...words, "--json"], {
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
        reject(new Error(`${path} told no outcome: ${text}`));
      }
    });
  });
}
