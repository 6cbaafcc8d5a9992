import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMPILER = join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** A program on a page, and after it a block with what it prints. */
const PROGRAM = /^(```ts\n)([\s\S]*?)^(```\n[\s\S]*?^```text\n)([\s\S]*?)^(```)$/gm;

/** A file on a page, with its name behind the language of its block. */
const FILE = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;

const SETTINGS = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    types: ["node"],
    outDir: "out",
    sourceMap: true,
  },
  include: ["*.ts"],
};

/** A page with what its programs print now, and how many programs there are. */
interface Rendered {
  readonly markdown: string;
  readonly programs: number;
}

/**
 * Compiles and runs the programs of a Markdown page in a project of their own that has the package
 * installed, beside the files of the page, and writes what they print into the page's text.
 */
export function runPrograms(markdown: string): Rendered {
  const programs = [...markdown.matchAll(PROGRAM)].map((match) => match[2] ?? "");
  const project = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  try {
    writeFiles(project, markdown);
    programs.forEach((code, i) => writeFileSync(join(project, `program-${i}.ts`), code));
    compile(project);
    const printed = programs.map((_, i) =>
      run(project, "--enable-source-maps", join("out", `program-${i}.js`)),
    );
    let next = 0;
    const rendered = markdown.replaceAll(
      PROGRAM,
      (_, open: string, code: string, between: string, __: string, close: string) =>
        open + code + between + (printed[next++] ?? "") + close,
    );
    return { markdown: rendered, programs: programs.length };
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** Writes the files of a page into a folder, and gives their names. */
export function writeFiles(folder: string, markdown: string): string[] {
  return [...markdown.matchAll(FILE)].map(([, name = "", text = ""]) => {
    writeFileSync(join(folder, name), text);
    return name;
  });
}

/** Compiles all programs in a folder into `out`, as a project that has the package installed. */
export function compile(project: string): void {
  install(project);
  run(project, COMPILER, "-p", ".");
}

function install(project: string): void {
  mkdirSync(join(project, "node_modules", "@types"), { recursive: true });
  const dependencies = [
    [ROOT, "latchwork"],
    [join(ROOT, "node_modules", "@types", "node"), join("@types", "node")],
  ] as const;
  for (const [target, name] of dependencies) {
    symlinkSync(target, join(project, "node_modules", name), "junction");
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(SETTINGS));
}

/** Runs a script with Node, or with an option first; if it fails, the message has what it printed. */
function run(project: string, script: string, ...args: string[]): string {
  const command = [script, ...args];
  try {
    return execFileSync(process.execPath, command, { cwd: project, encoding: "utf8" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
