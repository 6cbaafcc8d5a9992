import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { open } from "../../src/level/index.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const page = new URL("../../docs/durability.md", import.meta.url);

/** Commands, and what they print. */
const CONSOLE = /^```console\n([\s\S]*?)^```$/gm;

/** Makes `people`, as a process leaves it that was killed, and one with a wrong bit. */
async function makeDatabases(root: string): Promise<void> {
  const people = join(root, "people");
  const level = await open(join(root, "living"), { pageSize: 512, segmentBytes: 8_000 });
  const put = (index: number): Promise<void> =>
    level.put(`person ${index}`, `born ${1700 + index}`);
  for (let index = 0; index < 200; index++) await put(index);
  await level.checkpoint();
  for (let index = 200; index < 300; index++) await put(index);
  cpSync(join(root, "living"), people, { recursive: true });
  await level.close();
  rmSync(join(people, "lock"));
  const last = readdirSync(people)
    .filter((name) => name.startsWith("log-"))
    .toSorted()
    .at(-1);
  const log = readFileSync(join(people, last ?? ""));
  // Behind the last byte that is not zero there is room that the file was given ahead.
  const end = log.findLastIndex((byte) => byte !== 0) + 1;
  writeFileSync(join(people, last ?? ""), log.subarray(0, end - 5));
  const bad = join(root, "people-with-a-wrong-bit");
  cpSync(people, bad, { recursive: true });
  const pages = readFileSync(join(bad, "pages"));
  pages.writeUInt8(pages.readUInt8(2 * 512 + 490) ^ 4, 2 * 512 + 490);
  writeFileSync(join(bad, "pages"), pages);
}

function outputOf(cwd: string, args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [MAIN, ...args], { cwd, encoding: "utf8" });
  } catch (error) {
    return String((error as { readonly stdout: unknown }).stdout);
  }
}

describe("docs/durability.md", () => {
  it("shows what the verbs print", async () => {
    const root = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
    try {
      await makeDatabases(root);
      const markdown = readFileSync(page, "utf8").replaceAll(CONSOLE, (_, block: string) => {
        const commands = block.split("\n").filter((line) => line.startsWith("$ "));
        const shown = commands.map(
          (line) => `${line}\n${outputOf(root, line.split(" ").slice(2))}`,
        );
        return `\`\`\`console\n${shown.join("")}\`\`\``;
      });
      await expect(markdown).toMatchFileSnapshot(page.pathname);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
