import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { loadProtocols, replayOptions } from "../../src/cli/protocol-file.ts";
import { BUGS } from "../../src/hunt/index.ts";
import { ended, runCli, spawnCli, startCli } from "./run-cli.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

// Files of a user far from any package: none of them could find latchwork by itself.
const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const CRABBING = 'import { Crabbing, rightOf } from "latchwork";\n';
const mine = file(
  "mine.mjs",
  `${CRABBING}
export class LetsGoEarly extends Crabbing {
  name = "lets-go-early";
  *stepRight(op, leaf) {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }
}
export class Right extends Crabbing {
  name = "right";
}
`,
);
const right = file(
  "right.mjs",
  `${CRABBING}export default class extends Crabbing { name = "right" }`,
);
const scenario = file("scan.txt", "capacity 2\ntree [10,20][30]\ntask scan\ntask delete 30\n");

const C1 =
  "LW1:protocol crabbing;bug C1;capacity 2;tree [10,20][40];task get 20;task insert 15;" +
  "schedule a2b4a#503e6a";

describe("what a protocol file prints", () => {
  const talkative = file(
    "talkative.mjs",
    `${CRABBING}console.log("loaded"); console.table(["a row"]); process.stdout.write("raw\\n");
export default class extends Crabbing {
  name = "talkative";
  get(...args) {
    console.info("get");
    return super.get(...args);
  }
}`,
  );

  const told = ["--protocol-file", talkative, "--json"];
  const get = file("get.txt", "tree [10]\ntask get 10\n");
  const CASES = [
    ["hunt", get, "--runs", "1", ...told],
    ["replay", "LINE", "--protocol", "talkative", ...told],
  ];
  it.each(
    CASES.slice(0, budget({ short: 1, campaign: 2 })).map((args) => [args[0], args] as const),
  )("goes to standard error, with %s --json", async (_, args) => {
    const words = await Promise.all(args.map(async (word) => (word === "LINE" ? found() : word)));
    const child = startCli(words);
    child.stdin.end();
    const { stdout, stderr } = await ended(child);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toMatch(/^loaded\n/);
    expect(stderr).toContain("a row");
    expect(stderr).toContain("raw\n");
    expect(stderr).toContain("get\n");
  });

  async function found(): Promise<string> {
    const { stdout } = await runCli(["hunt", "--bug", "C1"]);
    return /replay '(LW1:.*)'/.exec(stdout)?.[1] ?? "";
  }
});

describe("a protocol file that leaves something open", () => {
  const OPEN = `import { createServer } from "node:net";
setInterval(() => {}, 1000);
createServer().listen(0);
`;
  const RIGHT = 'export class Right extends Crabbing { name = "right" }';
  const open = file("open.mjs", `${CRABBING}${OPEN}${RIGHT}`);
  const none = file("open-none.mjs", `${OPEN}export const q = 1;`);

  const KEPT: readonly (readonly [what: string, code: number, args: readonly string[]])[] = [
    ["a clean hunt", 0, ["hunt", scenario, "--runs", "1", "--protocol-file", open]],
    ["a file without a protocol", 2, ["hunt", "--protocol-file", none]],
    ["a replay", 0, ["replay", C1, "--protocol-file", open]],
    ["a protocol that is none", 2, ["replay", C1, "--protocol", "no", "--protocol-file", open]],
  ];
  it.each(KEPT.slice(0, budget({ short: 2, campaign: 4 })))(
    "does not keep %s",
    async (_, expected, args) => {
      const { code, stdout, stderr } = await spawnCli(args);
      expect(code).toBe(expected);
      expect(stdout + stderr).toMatch(/\n$/);
    },
  );

  it.runIf(IS_CAMPAIGN)("keeps nothing back from a slow reader", async () => {
    const much = "A".repeat(1_000_000);
    const loud = file("loud.mjs", `${CRABBING}${OPEN}console.log("${much}"); ${RIGHT}`);
    const child = startCli(["hunt", scenario, "--runs", "1", "--protocol-file", loud]);
    child.stdin.end();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { code, stdout } = await ended(child);
    expect(stdout.startsWith(`${much}\nclean: nothing found in right, `)).toBe(true);
    expect(stdout.endsWith("\n")).toBe(true);
    expect(code).toBe(0);
  });
});

describe("a protocol file that ends the process", () => {
  const ENDED = /^latchwork: the process was ended before all was done; [^\n]+\n$/;
  const EXIT = "get() { process.exit(0); }";
  const exits = file(
    "exits.mjs",
    `${CRABBING}export class Exits extends Crabbing { name = "exits"; ${EXIT} }`,
  );
  const both = file(
    "exits-later.mjs",
    `${CRABBING}import { LetsGoEarly } from "./mine.mjs";
class Exits extends Crabbing { name = "exits"; *scan() { process.exit(0); } }
export const both = [new LetsGoEarly(), new Exits()];`,
  );

  it.runIf(IS_CAMPAIGN)("does not pass for a clean hunt", async () => {
    const get = file("ends.txt", "tree [10]\ntask get 10\n");
    const { code, stdout, stderr } = await spawnCli(["hunt", get, "--protocol-file", exits]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(ENDED);
    expect(code).toBe(74);
  });

  it("takes back nothing that was found", async () => {
    const { code, stdout, stderr } = await spawnCli(["hunt", scenario, "--protocol-file", both]);
    expect(stdout).toMatch(/^found: freed-page in lets-go-early, /);
    expect(stderr).toMatch(ENDED);
    expect(code).toBe(1);
  });

  it("does not pass for bad input, nor for a finding, as it is loaded", async () => {
    const loaded = file("exits-loaded.mjs", "process.exit(1);");
    const { code, stderr } = await spawnCli(["bugs", "--hunt", "--protocol-file", loaded]);
    expect(stderr).toMatch(ENDED);
    expect(code).toBe(74);
  });
});

describe("hunt --protocol-file", () => {
  it("runs each protocol of the file, and tells how to replay what it finds", async () => {
    const { code, stdout } = await runCli([
      "hunt",
      scenario,
      "--runs",
      "300",
      "--protocol-file",
      mine,
    ]);
    expect(stdout).toMatch(/^found: freed-page in lets-go-early, /);
    expect(stdout).toMatch(/^clean {2}right, /m);
    const [, line = ""] = /replay '(LW1:.*)' --protocol-file .*mine\.mjs$/m.exec(stdout) ?? [];
    const again = await runCli(["replay", line, "--protocol-file", mine]);
    expect(again.stdout).toMatch(/^freed-page: page 3 was freed/);
    expect([code, again.code]).toEqual([1, 1]);
  });

  it("runs one of them, by its name, and keeps trace and scenario", async () => {
    const [save, trace, second] = ["found.txt", "one", "two"].map((name) => join(folder, name));
    const words = ["--protocol-file", mine, "--save", `${save}`, "--trace", `${trace}`];
    const found = await runCli(["hunt", scenario, "--protocol", "lets-go-early", ...words]);
    expect(found.stdout).toMatch(/^found: freed-page in lets-go-early, .*scan\.txt\n/);
    const again = ["replay", `${save}`, "--protocol-file", mine, "--trace", `${second}`];
    expect((await runCli(again)).code).toBe(1);
  });

  it("runs what a scenario names, if that is one of them", async () => {
    const named = file("named.txt", "protocol right\ntask get 1\n");
    const { stdout } = await runCli(["hunt", named, "--protocol-file", mine, "--runs", "1"]);
    expect(stdout).toMatch(/^clean: nothing found in right, /);
  });

  it("draws scenarios for it too", async () => {
    const { code, stdout } = await runCli(["hunt", "--runs", "200", "--protocol-file", right]);
    expect(stdout).toMatch(/^clean: nothing found in right, random scenarios\n/);
    expect(code).toBe(0);
  });
});

describe("bugs --hunt --protocol-file", () => {
  it("hunts the protocols of the file before all else, and expects them to be right", async () => {
    const child = startCli(["bugs", "--hunt", "--runs", "5", "--protocol-file", mine]);
    const result = ended(child);
    let text = "";
    const look = (more: string): void => {
      text += more;
      if (!/^- +right .*\n/m.test(text)) return;
      child.stdout.off("data", look);
      child.kill("SIGINT");
    };
    child.stdout.on("data", look);
    const { code, stdout } = await result;
    expect(stdout).toMatch(/\n- +lets-go-early +clean .* NOT OK\n- +right +clean .* ok\n/);
    const all = BUGS.length + PROTOCOLS.length + 2;
    expect(stdout).toMatch(new RegExp(`^stopped after \\d+ of ${all} rows, \\d+ of these as`, "m"));
    expect(stdout).toMatch(/^lets-go-early: latchwork replay '.*' --protocol-file .*mine\.mjs$/m);
    expect(code).toBe(130);
  });

  it("is for a hunt", async () => {
    const { code, stderr } = await runCli(["bugs", "--protocol-file", mine]);
    expect(stderr).toMatch(/^latchwork: --protocol-file is of bugs --hunt; [^\n]+\n$/);
    expect(code).toBe(2);
  });
});

describe("replay --protocol", () => {
  it("runs a schedule under the right protocol: the insert waits, and the get is right", async () => {
    const { code, stdout } = await runCli(["replay", C1, "--protocol", "crabbing"]);
    expect(stdout).toMatch(/^nothing went wrong in this run\n {2}crabbing\n/);
    expect(stdout).toContain("waits for X page 4 (root), behind a");
    expect(stdout).toContain("-> value 0");
    expect(stdout).toContain("under crabbing with bug C1 was followed for 4 steps");
    expect(code).toBe(0);
  });

  it("is exact under the run's own protocol", async () => {
    const line = /replay '(LW1:.*)'/.exec(
      (await runCli(["replay", C1, "--protocol", "crabbing"])).stdout,
    );
    const { code, stdout } = await runCli(["replay", line?.[1] ?? "", "--protocol", "crabbing"]);
    expect(stdout).toContain("waits for X page 4 (root), behind a");
    expect(stdout).not.toContain("followed");
    expect(code).toBe(0);
  });

  it("syncs before it acknowledges, when the power fails at the same place", async () => {
    const line =
      "LW1:protocol crabbing;bug W1;capacity 2;tree [];task insert 20;crashes 1;" +
      "schedule a6b=0c25#2124e6";
    expect((await runCli(["replay", line])).stdout).toMatch(/^not durably linearizable: /);
    const { code, stdout } = await runCli(["replay", line, "--protocol", "crabbing"]);
    expect(stdout).toContain("CRASH 1");
    expect(stdout).not.toContain("ACKNOWLEDGED");
    expect(code).toBe(0);
  });

  it("takes the one protocol of a file", async () => {
    const { code, stdout } = await runCli(["replay", C1, "--protocol-file", right]);
    expect(stdout).toMatch(/^nothing went wrong in this run\n {2}right\n/);
    expect(stdout).toMatch(/^ {2}latchwork replay 'LW1:.*' --protocol-file .*right\.mjs$/m);
    expect(code).toBe(0);
  });
});

/** What a file holds, and what must be said of it. */
const BAD: readonly (readonly [what: string, text: string, said: string | RegExp])[] = [
  ["a syntax error", "const a = 1;\nlet a = 2;\n", /SyntaxError: .* declared, line 2$/],
  ["a throw", "const a = 1;\nthrow new Error('boom');", /^cannot load .*: Error: boom, line 2$/],
  ["a throw of no error", "throw 'boom';", "it throws boom"],
  ["an export that latchwork has not", 'import { Crabing } from "latchwork";', "named 'Crabing'"],
  ["an entry that latchwork has not", 'import "latchwork/x";', "subpath './x' is not defined"],
  ["no export", "", "exports nothing; expected a protocol, such as export class"],
  ["no protocol", "export const a = 1;", "exports a; expected a protocol"],
  [
    "half a protocol",
    'export class A { name = "a"; *get() {} }',
    "A is no protocol: it has no method",
  ],
  [
    "a constructor that wants more",
    `${CRABBING}export class A extends Crabbing { constructor(x) { super(); x.y; } }`,
    "new A() throws TypeError",
  ],
  [
    "a name that is taken",
    `${CRABBING}export class A extends Crabbing {}`,
    "crabbing is the name of",
  ],
  [
    "one name for two",
    `${CRABBING}class A extends Crabbing { name = "a" }\nexport const both = [new A(), new A()];`,
    "two protocols are named a",
  ],
  ["no name", `${CRABBING}export class A extends Crabbing { name = "" }`, "must be one word"],
  [
    "a promise that is none",
    `${CRABBING}export class A extends Crabbing { name = "a"; scanPromise = "yes" }`,
    'its scanPromise must be "atomic" or "per-key"',
  ],
  [
    "no order",
    `${CRABBING}export class A extends Crabbing { name = "a"; latchOrder() { return null; } }`,
    "its latchOrder must return",
  ],
];

describe("a file of protocols that is wrong is told in one line", () => {
  it.each(BAD)("%s", async (what, text, said) => {
    const path = file(`${what.replaceAll(" ", "-")}.mjs`, text);
    const message = await loadProtocols(path).then(
      () => "nothing",
      (error: Error) => (error.name === "BadInput" ? error.message : error.name),
    );
    expect(message).toMatch(said);
    expect(message).toContain(path);
    expect(message).not.toContain("\n");
  });

  it.each([
    ["nowhere.mjs", "there is no such file"],
    ["", "it is a directory"],
  ])("%s", async (name, said) => {
    await expect(loadProtocols(join(folder, name))).rejects.toThrow(said);
  });

  it("is exit code 2", async () => {
    const path = file("none.mjs", "export const a = 1;");
    const { code, stdout, stderr } = await runCli(["hunt", "--protocol-file", path]);
    expect(stderr).toMatch(/^latchwork: [^\n]+ exports a; expected a protocol[^\n]*\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  // It waits as long itself.
  it.runIf(IS_CAMPAIGN)("awaits something for over 10 s", async () => {
    const path = file("await.mjs", "await new Promise(() => {});");
    const { code, stdout, stderr } = await runCli(["hunt", "--protocol-file", path]);
    expect(stderr).toMatch(/^latchwork: cannot load [^\n]+: it awaits something for over 10 s\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("names the protocols there are", async () => {
    const words = ["replay", C1, "--protocol", "x"];
    expect((await runCli(words)).stderr).toMatch(/foster; one of your own needs --/);
    const { code, stderr } = await runCli([...words, "--protocol-file", right]);
    expect(stderr).toMatch(/no protocol "x"; there are [^\n]*, foster, right\n$/);
    expect(code).toBe(2);
  });

  it("asks which of several a run is to be replayed under", async () => {
    const { code, stderr } = await runCli(["replay", C1, "--protocol-file", mine]);
    expect(stderr).toMatch(/give --protocol and one of lets-go-early, right\n$/);
    expect(code).toBe(2);
  });
});

describe("a file of protocols", () => {
  it("may export objects, classes and lists, and each counts once", async () => {
    const text = `${CRABBING}export class A extends Crabbing { name = "a" }
export class B extends Crabbing { name = "b" }
export const list = [new A()];
export { B as default };
export class Helper { row() {} }
`;
    const { protocols } = await loadProtocols(file("all.mjs", text));
    expect(protocols.map(({ name }) => name).toSorted()).toEqual(["a", "b"]);
  });

  it("is named in the command that replays, as a shell reads it", async () => {
    const { protocols } = await loadProtocols(right);
    const options = (path: string): string => replayOptions({ path, protocols }, "right");
    expect(options("my/right.mjs")).toBe(" --protocol-file my/right.mjs");
    expect(options("it's mine.mjs")).toBe(` --protocol-file 'it'\\''s mine.mjs'`);
    expect(replayOptions({ path: "x", protocols }, "crabbing")).toBe("");
  });

  it.runIf(IS_CAMPAIGN)("may be TypeScript where Node can read that", async () => {
    const path = file(
      "typed.ts",
      `${CRABBING}export class A extends Crabbing {
  override readonly name: string = "typed";
}
`,
    );
    const words = ["hunt", scenario, "--runs", "1", "--protocol-file", path];
    const compiler = new URL(
      "../package/oldest-typescript/node_modules/typescript/lib/typescript.js",
      import.meta.url,
    );
    const hooks = file(
      "hooks.mjs",
      `import { readFileSync } from "node:fs";
import typescript from ${JSON.stringify(compiler.href)};
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const compilerOptions = { target: "es2022", module: "esnext" };
  const text = readFileSync(new URL(url), "utf8");
  const source = typescript.transpileModule(text, { compilerOptions }).outputText;
  return { format: "module", shortCircuit: true, source };
}
`,
    );
    const loader = file(
      "loader.mjs",
      `import { register } from "node:module";
register(${JSON.stringify(pathToFileURL(hooks).href)});
`,
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(loader).href}` };
    const child = startCli(words, env);
    child.stdin.end();
    const { code, stdout, stderr } = await ended(child);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^clean: nothing found in typed, /);
    expect(code).toBe(0);
  });
});
