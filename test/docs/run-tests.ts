import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Any file on a page, with its name behind the language of its block. */
const FILE = /^```ts (\S+\.ts)\n([\s\S]*?)^```$/gm;

/** A test file on a page, and after it a block with what its tests fail with. */
const TEST = /^(```ts (\S+\.test\.ts)\n)([\s\S]*?)^(```\n[\s\S]*?^```text\n)([\s\S]*?)^(```)$/gm;

const SETTINGS = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    types: ["node"],
    noEmit: true,
    skipLibCheck: true,
  },
  include: ["*.ts"],
};

interface TestResult {
  readonly status: string;
  readonly title: string;
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

/**
 * Compiles the test files of a Markdown page, runs them with vitest in a project of their own that
 * has the package installed, and writes what they say into the page's text.
 */
export function runTests(markdown: string): { markdown: string; files: number } {
  const tests = [...markdown.matchAll(TEST)];
  const project = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  try {
    install(project);
    for (const [, name = "", code = ""] of markdown.matchAll(FILE)) {
      writeFileSync(join(project, name), code);
    }
    compile(project);
    const told = run(project);
    const rendered = markdown.replaceAll(
      TEST,
      (_, open: string, name: string, code: string, between: string, __: string, close: string) =>
        open + code + between + (told.get(name) ?? `${name} did not run\n`) + close,
    );
    return { markdown: rendered, files: tests.length };
  } finally {
    rmSync(project, { recursive: true });
  }
}

function install(project: string): void {
  mkdirSync(join(project, "node_modules", "@types"), { recursive: true });
  for (const name of ["vitest", "fast-check", join("@types", "node")]) {
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name), "junction");
  }
  symlinkSync(ROOT, join(project, "node_modules", "latchwork"), "junction");
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(SETTINGS));
}

function compile(project: string): void {
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  try {
    execFileSync(process.execPath, [compiler, "-p", "."], { cwd: project, encoding: "utf8" });
  } catch (error) {
    const { stdout = "" } = error as { stdout?: string };
    throw new Error(`the tests do not compile:\n${stdout}`, { cause: error });
  }
}

/** What each file's tests came to: a line for each, and the message of those that failed. */
function run(project: string): Map<string, string> {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const words = [vitest, "run", "--root", project, "--reporter=json", "--no-cache"];
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const at = stdout.indexOf("{");
  if (at < 0) throw new Error(`vitest said:\n${stdout}${stderr}`);
  const { testResults } = JSON.parse(stdout.slice(at)) as Report;
  return new Map(
    testResults.map(({ name, message, assertionResults }) => [
      name.replace(/^.*\//, ""),
      message + assertionResults.map(textOf).join(""),
    ]),
  );
}

function textOf({ status, title, failureMessages }: TestResult): string {
  const lines = failureMessages.flatMap((message) => message.split("\n"));
  // What vitest adds is left out: the stack of the assertion itself, indented by four.
  const told = lines.filter((line) => !/^ {4}at /.test(line)).map((line) => `${line}\n`);
  return `${status}: ${title}\n${told.join("")}`;
}
