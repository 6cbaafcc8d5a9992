import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs one of the scripts of this folder as a user does, and gives what it tells with `--json`. */
export function runScript<Told>(name: string, words: readonly string[]): Promise<Told> {
  const path = fileURLToPath(new URL(name, import.meta.url));
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
        reject(new Error(`${name} told no outcome: ${text}`));
      }
    });
  });
}
