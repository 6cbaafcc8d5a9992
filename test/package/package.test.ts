import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installTarball, link, manifestOf, packClone, run } from "./install-package.ts";
import { PROGRAM, TEST, WRONG } from "./user-programs.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

const OLDEST = fileURLToPath(new URL("oldest-typescript/node_modules/typescript", import.meta.url));

/** Entries that need a package which only those who use them have. */
const FOR_A_PEER = [
  "latchwork/sim/fast-check",
  "latchwork/linearizability/vitest",
  "latchwork/vitest",
];

/** To compile, pack and install takes some seconds, and many on a busy machine. */
const HOOK_TIMEOUT_MS = 180_000;

/** Most of it is declarations, source maps and docs; the lab is 0.2. */
const PACKAGE_MB_MAX = 4;

const COMPILER_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  lib: ["es2022"],
  types: ["node"],
  noEmit: true,
  skipDefaultLibCheck: true,
};

const folder = mkdtempSync(join(tmpdir(), "latchwork-package-"));
let project = "";
let installed = "";

beforeAll(() => {
  if (!IS_CAMPAIGN) return;
  project = installTarball(folder, packClone(folder));
  installed = join(project, "node_modules", "latchwork");
}, HOOK_TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true }));

/** What users import: `latchwork`, `latchwork/sim` and so on. */
function entries(): string[] {
  const names = Object.keys(manifestOf(installed).exports).map(
    (name) => `latchwork${name.slice(1)}`,
  );
  return names.filter((name) => !name.endsWith(".json"));
}

function node(...args: string[]): string {
  return run(project, process.execPath, ...args);
}

/** Compiles programs of a user with the oldest TypeScript, and gives what it has to say. */
function compile(programs: Readonly<Record<string, string>>): string[] {
  const settings = { compilerOptions: COMPILER_OPTIONS, files: Object.keys(programs) };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(settings));
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(project, name), text);
  const args = [join(OLDEST, "lib", "tsc.js"), "-p", "."];
  const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

// A clone is packed, and the tarball installed, as npm does it for whoever installs from git.
describe.runIf(IS_CAMPAIGN)("the package", () => {
  it("has every file that it names, and nothing that an earlier build left", () => {
    const { exports, bin } = manifestOf(installed);
    const named = Object.values(exports).flatMap((entry) => Object.values(entry));
    // Of what is exported only package.json is named by one string, letter by letter.
    const paths = [...named.filter((path) => path.length > 1), ...Object.values(bin)];
    const lab = "dist/lab/web/index.html";
    const missing = [...paths, lab, "README.md", "docs/glossary.md"].filter(
      (path) => !existsSync(join(installed, path)),
    );
    expect(missing).toEqual([]);
    expect(existsSync(join(installed, "dist", "left-over.js"))).toBe(false);
    expect(existsSync(join(installed, "src"))).toBe(false);
  });

  it("has each entry, without the packages that only some of them need", () => {
    const names = entries().filter((name) => !FOR_A_PEER.includes(name));
    expect(names).toHaveLength(entries().length - FOR_A_PEER.length);
    const program = names.map((name, i) => `import * as m${i} from "${name}";`);
    const counts = names.map((_, i) => `Object.keys(m${i}).length`);
    writeFileSync(join(project, "all.js"), `${program.join("\n")}\nconsole.log(${counts.join()});`);
    const exported = node("all.js").trim().split(" ").map(Number);
    expect(exported.every((count) => count > 0)).toBe(true);
  });

  it("says which packages a server needs, where it is started without", () => {
    const program = 'import { startServer } from "latchwork/server"; await startServer(new Map());';
    writeFileSync(join(project, "server.js"), program);
    expect(() => node("server.js")).toThrow("npm install fastify@5 prom-client@15");
    const command = join(project, "node_modules", ".bin", "latchwork");
    expect(() => run(project, command, "serve", "shop", "--tables", "a")).toThrow(
      /failed:\nlatchwork: the server needs two more packages: npm install \S+ \S+\n$/,
    );
  });

  // npm makes a command executable when it links it, but not when a later build writes it anew.
  it.skipIf(process.platform === "win32")("is built with commands that can be run", () => {
    for (const path of Object.values(manifestOf(installed).bin)) {
      expect(statSync(join(folder, "clone", path)).mode & 0o777).toBe(0o755);
    }
  });

  it("has a command that finds a planted bug", () => {
    const command = join(project, "node_modules", ".bin", "latchwork");
    expect(run(project, command, "--version")).toBe(`${manifestOf(installed).version}\n`);
    expect(() => run(project, command, "hunt", "--bug", "C1")).toThrow("found: not-linearizable");
  });

  it("brings the lab, and serves it", async () => {
    const command = join(installed, "dist", "cli", "main.js");
    const child = spawn(process.execPath, [command, "lab", "--json"], { stdio: "pipe" });
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const page = await (await fetch(JSON.parse(line).address)).text();
    expect(page).toBe(readFileSync(join(installed, "dist", "lab", "web", "index.html"), "utf8"));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual(
      process.platform === "win32" ? [null, "SIGINT"] : [130, null],
    );
  });

  it("stays small enough to be fetched at once", () => {
    const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    const megabytes = statSync(join(folder, tarball)).size / 1e6;
    console.log(`the package: ${megabytes.toFixed(2)} MB`);
    expect(megabytes).toBeLessThan(PACKAGE_MB_MAX);
  });

  it("can be used from the oldest TypeScript that README.md names", () => {
    const { version } = manifestOf(OLDEST);
    expect(readFileSync(join(installed, "README.md"), "utf8")).toContain(
      `TypeScript ${version.replace(/\.\d+$/, "")} or later`,
    );
    link(project, "@types/node", "fast-check", "vitest");
    const said = compile({ "user.ts": PROGRAM, "user.test.ts": TEST, "wrong.ts": WRONG });
    // What vitest itself declares is too new for it, but nothing of ours is.
    const ours = said.filter((line) => !/^\S*node_modules\/(@vitest|vitest)\//.test(line));
    expect(ours).toEqual([expect.stringMatching(/^wrong\.ts\(.*'string' is not assignable/)]);
  });

  it("brings a matcher that vitest takes", () => {
    writeFileSync(join(project, "user.test.ts"), TEST);
    const said = node(join("node_modules", "vitest", "vitest.mjs"), "run", "--no-color");
    expect(said).toMatch(/Tests +1 passed/);
  });
});
