import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

/** A name that shows itself backwards, and tells a terminal to clear itself in eight bits. */
const EVIL = "gnp.\u202eexe\u009b2J\u200d";
const SHOWN = "gnp.\\u202eexe\\u009b2J\\u200d";

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

const event = (type: string, value?: unknown): string =>
  `${JSON.stringify({ process: EVIL, type, f: "put", key: EVIL, value })}\n`;
const read = (type: string, value?: unknown): string =>
  `${JSON.stringify({ process: 1, type, f: "get", key: EVIL, value })}\n`;
const history = file(
  `${EVIL}.jsonl`,
  event("invoke", EVIL) + event("ok") + read("invoke") + read("ok", `not ${EVIL}`),
);
const kv = ["--model", "kv"];
mkdirSync(join(folder, EVIL));

/** What is asked for, each with the name somewhere where it gets into the answer. */
const CASES: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["the verdict on a history", ["check", history, ...kv]],
  ["an explanation", ["check", history, ...kv, "--explain"]],
  ["JSON", ["check", history, ...kv, "--explain", "--json"]],
  ["a rule", ["check", history, ...kv, "--initial", JSON.stringify(EVIL)]],
  ["a file that is no history", ["check", file("text", `${EVIL}\n`), ...kv]],
  ["an event that is none", ["check", file("bad.jsonl", `{"type":"${EVIL}"}\n`), ...kv]],
  ["EDN that is none", ["check", file("bad.edn", `{:process 0 ["${EVIL}"`), ...kv]],
  ["a model that is none", ["check", history, "--model", EVIL]],
  ["a picture that has no place", ["check", history, ...kv, "--svg", join("no", EVIL, "a.svg")]],
  ["a verb that is none", [EVIL]],
  ["an option that is none", ["hunt", `--${EVIL}`]],
  ["a scenario that is none", ["hunt", file(`${EVIL}.txt`, `task ${EVIL}\n`)]],
  ["a scenario that is not there", ["replay", join(folder, EVIL, EVIL)]],
  ["a protocol that is none", ["hunt", "--protocol", EVIL]],
  ["a bug that is none", ["bugs", EVIL]],
  ["a database that is none", ["inspect", join(folder, EVIL)]],
  ["one to verify", ["verify", join(folder, EVIL)]],
  ["one to recover", ["recover", join(folder, EVIL)]],
];

describe("the command prints nothing of what it was given that is not to be seen", () => {
  it.each(CASES)("in %s", async (_, args) => {
    const { stdout, stderr } = await runCli(args);
    const all = stdout + stderr;
    expect(all).toContain("\\u202e");
    expect(all.replaceAll(folder, "")).not.toMatch(/[^\P{C}\n]/u);
    expect(all).toContain(SHOWN);
  });

  describe("in what a protocol of one's own throws", () => {
    const evil = file(
      "evil.mjs",
      `import { Crabbing } from "latchwork";
const oops = () => { throw new Error("oops \\u001b[31m\\u202e\\u202e\\u202e\\nagain"); };
export class Evil extends Crabbing { name = "evil"; get() { oops(); } }`,
    );
    const get = file("get.txt", "tree [10]\ntask get 10\n");
    const shown = "oops \\u001b[31m\\u202e\\u202e\\u202e";
    const own = ["--protocol-file", evil];

    it("as a hunt and a replay tell it, within their width", async () => {
      const hunt = await runCli(["hunt", get, ...own, "--width", "60"]);
      const [, line = ""] = /replay '(LW1:.*)'/.exec(hunt.stdout) ?? [];
      const replay = await runCli(["replay", line, ...own, "--width", "60"]);
      for (const { code, stdout, stderr } of [hunt, replay]) {
        expect(code).toBe(1);
        expect(stdout).toContain(shown);
        expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
        const wide = stdout.split("\n").filter((told) => told.length > 60);
        expect(wide.filter((told) => !told.includes("latchwork replay"))).toEqual([]);
      }
    });

    it("which JSON still says as it was thrown", async () => {
      const { stdout } = await runCli(["hunt", get, ...own, "--json"]);
      expect(stdout).not.toMatch(/[^\P{C}\n]/u);
      expect(JSON.stringify(JSON.parse(stdout))).toContain("\u202e\u202e");
    });
  });

  it("but JSON still means the same", async () => {
    const { stdout } = await runCli(["check", history, ...kv, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ keys: [EVIL] }] });
  });
});
