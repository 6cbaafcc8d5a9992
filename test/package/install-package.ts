import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MODULES = join(ROOT, "node_modules");

/** What a fresh clone has not. */
const NOT_CLONED = new Set([".git", "node_modules", "dist", "dist-bench", "coverage"]);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Runs a command to its end and gives what it printed, also as part of the message if it fails. */
export function run(cwd: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const what = [command, ...args].join(" ");
    throw new Error(`${what} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/**
 * Packs a fresh clone, as npm also does to install from git, and gives the path of the tarball.
 * A package that `npm ci` brought stands for those that npm would install in the clone.
 */
export function packClone(folder: string): string {
  const clone = join(folder, "clone");
  cpSync(ROOT, clone, { recursive: true, filter: (path) => !NOT_CLONED.has(basename(path)) });
  // What an earlier build left must not be packed.
  mkdirSync(join(clone, "dist"));
  writeFileSync(join(clone, "dist", "left-over.js"), "");
  symlinkSync(MODULES, join(clone, "node_modules"), "junction");
  const said = run(clone, "npm", "pack", "--silent", "--pack-destination", folder);
  return join(folder, said.trim().split("\n").at(-1) ?? "");
}

/** Installs a tarball into a new project, without network, and gives the project's path. */
export function installTarball(folder: string, tarball: string): string {
  const project = join(folder, "project");
  mkdirSync(project);
  const dependencies = { latchwork: `file:${tarball}`, ...filesOf(needed()) };
  const manifest = { private: true, type: "module", dependencies };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  run(project, "npm", "install", "--offline", "--install-links", "--no-package-lock", "--silent");
  return project;
}

/** Makes packages that `npm ci` brought those of a project too. */
export function link(project: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(project, "node_modules", name, ".."), { recursive: true });
    symlinkSync(join(MODULES, name), join(project, "node_modules", name), "junction");
  }
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** All packages that ours needs to run, with those that they need. */
function needed(): Set<string> {
  const names = new Set<string>();
  const open = [ROOT];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
      if (names.has(name)) continue;
      names.add(name);
      open.push(join(MODULES, name));
    }
  }
  return names;
}

function filesOf(names: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries([...names].map((name) => [name, `file:${join(MODULES, name)}`]));
}
