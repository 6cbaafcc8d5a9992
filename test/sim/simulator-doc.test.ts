import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const page = new URL("../../docs/simulator.md", import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** A program of the page, and the output that stands under it. */
const EXAMPLE = /```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g;

/** Runs a program as its reader would, from a module of its own. */
async function outputOf(program: string): Promise<string> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
  });
  return `${stdout.trimEnd()}\n`;
}

const text = readFileSync(page, "utf8");
const examples = [...text.matchAll(EXAMPLE)].map(([, program = "", output = ""]) => ({
  program,
  output,
}));

// UPDATE_DOCS=1 writes what the programs print into the page.
if (process.env["UPDATE_DOCS"] === "1") {
  const outputs = await Promise.all(examples.map(({ program }) => outputOf(program)));
  let index = 0;
  const updated = text.replaceAll(EXAMPLE, (_, program: string) => {
    return `\`\`\`js\n${program}\`\`\`\n\n\`\`\`text\n${outputs[index++] ?? ""}\`\`\``;
  });
  writeFileSync(page, updated);
}

describe("the page on the simulator", () => {
  it("has its programs, the first of 15 lines", () => {
    expect(examples.length).toBe(4);
    const lines = examples[0]?.program.trimEnd().split("\n") ?? [];
    expect(lines.filter((line) => line !== "").length).toBeLessThanOrEqual(15);
  });

  it.each(examples.map(({ program, output }, i) => [i + 1, program, output] as const))(
    "shows what program %i prints",
    async (_, program, output) => {
      expect(await outputOf(program)).toBe(output);
    },
  );
});
