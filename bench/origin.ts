import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

/** Describes the machine in one line: numbers from two machines are never compared. */
export function machineLine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim().replaceAll(/\s+/g, " ") ?? "unknown processor";
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const system = `${type()} ${release()}`;
  return `${model} x ${cores.length}, ${memoryGib} GiB, node ${process.version}, ${system}`;
}

/** Names the commit that is measured; `-dirty` when the tree differs from it. */
export function commitName(): string {
  try {
    const hash = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain") === "" ? hash : `${hash}-dirty`;
  } catch {
    // An unpacked archive has no history; its numbers are still worth printing.
    return "unknown";
  }
}

function git(...words: readonly string[]): string {
  return execFileSync("git", words, {
    cwd: import.meta.dirname,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
