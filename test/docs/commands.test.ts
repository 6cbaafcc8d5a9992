import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "../cli/run-cli.ts";

const root = new URL("../../", import.meta.url);
const docs = readdirSync(new URL("docs", root), { recursive: true, encoding: "utf8" });
const pages = [
  "README.md",
  ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
];

/** A command of ours in a block or in the midst of a sentence: its verb and what follows. */
const COMMAND =
  /(?:^(?:\$ |.*\bnpx )?|`(?:npx )?)(?:latchwork|node dist\/cli\/main\.js) ([a-z]+)([^\n`]*)/gm;
const SCRIPT = /\bnpm run ([a-z]+(?::[a-z-]+)*)|`((?:bench|test|hunt|fuzz):[a-z-]+)`/g;

/** What stands behind a comment or a pipe is not of the command. */
function flagsOf(rest: string): string[] {
  const [own = ""] = rest.replaceAll(/'[^']*'/g, "").split(/\s[#|]|\b(?:then|and) latchwork/);
  return [...own.matchAll(/(?<=\s)--[a-z-]+/g)].map(([flag]) => flag);
}

const texts = pages.map((page) => [page, readFileSync(new URL(page, root), "utf8")] as const);
const commands = texts.flatMap(([page, text]) =>
  [...text.matchAll(COMMAND)].map(([, verb = "", rest = ""]) => ({ page, verb, rest })),
);

describe("the pages name only", () => {
  it("verbs and options that there are", async () => {
    expect(commands.length).toBeGreaterThan(30);
    const verbs = [...new Set(commands.map(({ verb }) => verb))];
    const helps = new Map(
      await Promise.all(
        verbs.map(async (verb) => [verb, (await runCli(["help", verb])).stdout] as const),
      ),
    );
    const wrong = commands.flatMap(({ page, verb, rest }) => {
      const help = helps.get(verb) ?? "";
      if (help === "") return [`${page}: no verb ${verb}`];
      const unknown = flagsOf(rest).filter(
        (flag) => !new RegExp(`^ +(?:-h, )?${flag}\\b`, "m").test(help),
      );
      return unknown.map((flag) => `${page}: ${verb} has no ${flag}`);
    });
    expect(wrong).toEqual([]);
  });

  it("scripts that there are", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
    const named = texts.flatMap(([page, text]) =>
      [...text.matchAll(SCRIPT)].map(([, run, quoted]) => [page, run ?? quoted ?? ""] as const),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([, name]) => scripts[name] === undefined)).toEqual([]);
  });

  it("files of the project that there are", () => {
    const named = texts.flatMap(([page, text]) =>
      [...text.matchAll(/`((?:src|test|scenarios|docs|bench)\/[\w./-]*)`/g)].map(
        ([, path = ""]) => [page, path] as const,
      ),
    );
    const missing = named.filter(([, path]) => !exists(path));
    expect(named.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});

function exists(path: string): boolean {
  try {
    readdirSync(new URL(path, root));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR";
  }
}
