import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import { writeFiles } from "./run-programs.ts";
import { budget } from "../campaign.ts";

const page = new URL("../../README.md", import.meta.url);
const readme = readFileSync(page, "utf8");
const root = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(root, "dist", "cli", "main.js");

/** Lines for a shell, and below them what the last one prints where that is shown. */
const SCRIPT = /^```sh\n([\s\S]*?)^```\n(\n```text\n)?([\s\S]*?^```)?/gm;
const SECONDS = /\b\d+\.\d+ s\b/g;

// A folder in which a reader follows the page, with the package installed.
const folder = mkdtempSync(join(tmpdir(), "latchwork-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules", "latchwork"), "junction");
writeFiles(folder, readme);

// Stands for the command that finds ours, and keeps how each call ended.
const statuses = join(folder, "statuses");
const npx = join(folder, "npx");
writeFileSync(
  npx,
  `#!/bin/sh
[ "$1" = latchwork ] || exit 99
shift
"${process.execPath}" "${MAIN}" "$@"
echo $? >> "${statuses}"
`,
);
chmodSync(npx, 0o755);

function run(script: string): { readonly stdout: string; readonly codes: readonly number[] } {
  writeFileSync(statuses, "");
  const env = {
    ...process.env,
    NO_COLOR: "1",
    PATH: `${folder}${delimiter}${process.env["PATH"]}`,
  };
  const { stdout, stderr } = spawnSync("sh", ["-c", script], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const codes = readFileSync(statuses, "utf8")
    .trim()
    .split("\n")
    .filter((one) => one !== "");
  return { stdout, codes: codes.map(Number) };
}

/** The hunts of the page, to their ends only in the campaign. */
function hunts(script: string): string {
  const short = script.replace("--runs 1000", "--runs 50");
  expect(short.match(/--runs 50 /g)).toHaveLength(1);
  return budget({ short, campaign: script });
}

function scripts(): string[] {
  return [...readme.matchAll(SCRIPT)].map(([, script = ""]) => script);
}

describe("README.md", () => {
  it("shows on its first screen the story that a hunt tells", async () => {
    const { stdout } = await runCli(["hunt", "--bug", "C1"]);
    const [, story = ""] = /^```text\n(the tree before\n[\s\S]*?)^```$/m.exec(readme) ?? [];
    expect(story).toContain("step  a: get 30");
    expect(stdout).toContain(story);
    const end = readme.indexOf(story) + story.length;
    expect(readme.slice(0, end)).toContain("npm start");
    expect(readme.slice(0, end).split("\n").length).toBeLessThanOrEqual(45);
  });

  it("shows a tree of which only the leaf splits, since that is the point", () => {
    const [, before = "", after = ""] = /(4\{[^}]*\}) becomes (\{[^}]*\})/.exec(readme) ?? [];
    expect(before).toBe("4{2 <40> 3}");
    expect(after).toBe("{2 <20> 5 <40> 3}");
    expect(readme).not.toContain("root is now");
  });

  it("has three doors of at most ten lines each", () => {
    const blocks = [...readme.matchAll(/^```(?:sh|js \S+)\n([\s\S]*?)^```$/gm)];
    const sizes = blocks.map(([, block = ""]) => block.trimEnd().split("\n").length);
    expect(sizes).toEqual([10, 10, 9]);
  });

  it("hunts a tree, and replays the finding under the right protocol", () => {
    const { stdout, codes } = run(hunts(scripts()[0] ?? ""));
    expect(codes).toEqual([0, 1, 0, 0]);
    const [proved = "", found = ""] = stdout.split(/^found: /m);
    expect(proved.match(/^proved: every one of /gm)).toHaveLength(11);
    expect(found).toContain("waits for X page 4 (root), behind a");
    expect(found).toMatch(/^clean: nothing found in crabbing, race\.txt\n/m);
  });

  it("simulates a program, and says what that prints", () => {
    const { stdout } = run(`"${process.execPath}" counter.mjs`);
    expect(readme).toContain(`It prints \`${stdout.trimEnd()}\``);
  });

  it("shows what its other scripts print", async () => {
    const rendered = readme.replaceAll(SCRIPT, (all, script: string, open?: string) => {
      if (open === undefined) return all;
      const { stdout } = run(script);
      return `\`\`\`sh\n${script}\`\`\`\n${open}${stdout.replaceAll(SECONDS, "0.01 s")}\`\`\``;
    });
    await expect(rendered).toMatchFileSnapshot(page.pathname);
  });

  it("names every protocol with what its scans promise", async () => {
    const { protocols } = JSON.parse((await runCli(["protocols", "--json"])).stdout);
    const rows = [...readme.matchAll(/^\| `([\w-]+)` \|.*\| (atomic|per key) \|$/gm)];
    expect(rows.map(([, name, scan]) => ({ name, scan: scan?.replace(" ", "-") }))).toEqual(
      protocols.map(({ name, scan }: Record<string, string>) => ({ name, scan })),
    );
  });

  it("names every exit code that help names, and scripts that there are", async () => {
    const { stdout } = await runCli(["check", "--help"]);
    for (const [, code] of stdout.matchAll(/^ {2}(\d+) {2,}/gm)) {
      expect(readme).toMatch(new RegExp(`Exit codes:[^.]*\\b${code}\\b`));
    }
    const { scripts: known } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const named = [...readme.matchAll(/`(?:npm run )?(bench:[a-z]+)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => known[name ?? ""] === undefined)).toEqual([]);
  });

  it("names the four parts, as do help and the package", async () => {
    const { description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const help = (await runCli(["--help"])).stdout.replaceAll(/\s+/g, " ");
    const [, first = ""] = /^# Latchwork\n\n([\s\S]*?)\n\n/.exec(readme) ?? [];
    for (const text of [description, help, first]) {
      for (const part of [/B\+ tree/, /simulator/, /database/, /checker/]) {
        expect(text).toMatch(part);
      }
    }
  });
});
