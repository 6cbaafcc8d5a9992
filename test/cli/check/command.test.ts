import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { ended, MAIN, runCli, spawnCli, startCli } from "../run-cli.ts";
import { budget, IS_CAMPAIGN } from "../../campaign.ts";

type Line = readonly [
  process: number,
  type: string,
  f: string,
  key?: string | null,
  value?: unknown,
];

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const jsonl = (lines: readonly Line[]): string =>
  lines
    .map(([process, type, f, key, value]) => JSON.stringify({ process, type, f, key, value }))
    .map((line) => `${line}\n`)
    .join("");
afterAll(() => rmSync(folder, { recursive: true }));

const RIGHT: readonly Line[] = [
  [0, "invoke", "put", "a", 1],
  [1, "invoke", "get", "a"],
  [1, "ok", "get", "a", 1],
  [0, "ok", "put", "a"],
];
const STALE: readonly Line[] = [
  ...RIGHT,
  [1, "invoke", "get", "b"],
  [0, "invoke", "get", "a"],
  [0, "ok", "get", "a", null],
];
/** More ways to order the enqueues than can be looked at, and a dequeue that none explains. */
const ENDLESS: readonly Line[] = [
  ...Array.from({ length: 40 }, (_, i): Line => [i, "invoke", "enqueue", null, i]),
  ...Array.from({ length: 40 }, (_, i): Line => [i, "ok", "enqueue"]),
  [0, "invoke", "dequeue"],
  [0, "ok", "dequeue", null, 99],
];
const EMPTIED: readonly Line[] = [
  [0, "invoke", "dequeue"],
  [0, "ok", "dequeue", null, null],
];

const right = file("right.jsonl", jsonl(RIGHT));
const stale = file("stale.jsonl", jsonl(STALE));
const endless = file("endless.jsonl", jsonl(ENDLESS));
const timeless = (text: string): string => text.replaceAll(/\d+\.\d+ s/g, "N s");
/** Runs `latchwork check` in the folder of the files, so that the output has no path in it. */
const check = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runCli(["check", ...args]);
  const local = (text: string): string => text.replaceAll(`${folder}/`, "");
  return { code, stdout: local(timeless(stdout)), stderr: local(stderr) };
};

describe("check", () => {
  it("says of a linearizable history what it took, and exits 0", async () => {
    const { code, stdout, stderr } = await check(right, "--model", "kv");
    expect(stdout).toBe(
      "right.jsonl: linearizable (2 operations, 2 clients, 1 key, N s)\n" +
        "  4 events of jsonl read in N s; as kv checked in N s, 0 configurations explored\n",
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("says of another one where no order is left, and exits 1", async () => {
    const { code, stdout } = await check(stale, "--model", "kv");
    expect(stdout).toContain(
      "stale.jsonl: not linearizable (4 operations, 2 clients, 2 keys, N s)",
    );
    expect(stdout).toContain(
      "\n  key a: no order gets past get a -> null by process 0 (stale.jsonl:6)",
    );
    expect(code).toBe(1);
  });

  it("exits 3 if time or memory runs out, and says what to try", async () => {
    const queue = [endless, "--model", "queue"];
    const [time, memory] = await Promise.all([
      check(...queue, "--timeout", "0.2"),
      check(...queue, "--memory", "1"),
    ]);
    expect(time.stdout).toMatch(/^endless.jsonl: unknown \(41 operations, 40 clients, N s\)/);
    expect(time.stdout).toMatch(/\n {2}out of time; explained up to event \d+ of 82\n/);
    expect(time.stdout).toContain("\n  try a longer --timeout\n");
    expect(time.code).toBe(3);
    expect(memory.stdout).toContain("\n  try a --memory over 1\n");
    expect(memory.code).toBe(3);
  });

  it.runIf(IS_CAMPAIGN)(
    "exits 3 if a history does not fit into the heap, and goes on with the next",
    async () => {
      const put = (i: number): Line[] => [
        [0, "invoke", "put", "a", i],
        [0, "ok", "put", "a"],
      ];
      const large = file(
        "large.jsonl",
        jsonl(Array.from({ length: 60_000 }, (_, i) => put(i)).flat()),
      );
      const heap = { NODE_OPTIONS: "--max-old-space-size=10" };
      const { code, stdout } = await ended(
        startCli(["check", large, right, "--model", "kv"], heap),
      );
      expect(stdout).toMatch(
        /large.jsonl: unknown \(\d+\.\d+ s\)\n {2}out of memory: the history does/,
      );
      expect(stdout).not.toContain("unknown (0.00 s)");
      expect(stdout).toContain("right.jsonl: linearizable");
      expect(code).toBe(3);
    },
  );

  it("judges several files, names the bad one, and exits as the worst of them", async () => {
    const bad = file("bad.jsonl", `${jsonl(RIGHT)}?\n`);
    const two = await check(bad, right, "--model", "kv");
    expect(two.stderr).toMatch(/^latchwork: bad.jsonl:5: [^\n]+\n$/);
    expect(two.stdout).toBe(
      "right.jsonl: linearizable (2 operations, 2 clients, 1 key, N s)\n" +
        "total: 2 files, 1 linearizable, 1 no history, N s\n",
    );
    expect(two.code).toBe(2);
    const three = await check(bad, stale, right, "--model", "kv");
    expect(three.stdout).toContain("total: 3 files, 1 linearizable, 1 not linearizable, 1 no hist");
    expect(three.code).toBe(1);
  });

  it("names each file that is no history, a line each", async () => {
    const faults: readonly (readonly [string, string | Uint8Array | null, string])[] = [
      [
        "missing",
        null,
        "latchwork: cannot read missing: there is no such file; expected a history",
      ],
      [".", null, "latchwork: cannot read .: it is a directory; expected a history"],
      ["a\nb", null, "latchwork: cannot read a\\u000ab: there is no such file"],
      ["text", "what\n", 'latchwork: text:1: "what" begins no format that is known; write JSON'],
      ["binary", Uint8Array.of(7, 0, 200), "latchwork: binary:1: this is no text in UTF-8; give a"],
      ["run.jepsen", "JEPSEN\0\0\0\x01", "run.jepsen:1: this is Jepsen's binary store; the same"],
      [
        "cut.gz",
        gzipSync(jsonl(RIGHT)).subarray(0, 40),
        "latchwork: cut.gz: the gzip data are dam",
      ],
      ["long", "x".repeat(5_000_000), 'latchwork: long:1: "xxxxxx'],
    ];
    const paths = faults.map(([name, content]) => (content === null ? name : file(name, content)));
    const { code, stdout, stderr } = await check(...paths, "--model", "kv");
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(faults.length);
    for (const [i, [, , said]] of faults.entries()) expect(lines[i]).toContain(said);
    expect(stdout).toBe("total: 8 files, 8 no history, N s\n");
    expect(code).toBe(2);
  });

  it("obeys nothing that stands in a history", async () => {
    const red = file(
      "red.jsonl",
      jsonl([
        [0, "invoke", "get", "\u001b[31m"],
        [0, "ok", "get", "\u001b[31m", 1],
      ]),
    );
    const { stdout } = await check(red, "--model", "kv", "--explain");
    expect(stdout).toContain("get \\u001b[31m -> 1");
    expect(stdout).not.toContain("\u001b");
  });

  it("prints JSON of one shape whatever the verdict", async () => {
    const paths = [right, stale, "nowhere.jsonl"];
    const { code, stdout } = await check(...paths, "--model", "kv", "--witness", "--json");
    const { files } = JSON.parse(stdout) as { files: Record<string, unknown>[] };
    expect(files.map(({ verdict }) => verdict)).toEqual([
      "linearizable",
      "not-linearizable",
      "bad-input",
    ]);
    const fields = files.map((each) => Object.keys(each).join(" "));
    expect(new Set(fields).size).toBe(1);
    expect(files[0]).toMatchObject({
      file: "right.jsonl",
      format: "jsonl",
      counts: { operations: 2, clients: 2, keys: 1, events: 4, crashes: 0 },
      witness: [
        { id: 0, line: 1 },
        { id: 1, line: 2, text: "get a -> 1 by process 1 (right.jsonl:2)" },
      ],
    });
    expect(files[1]).toMatchObject({ keys: ["a"], event: 6, operation: { line: 6 } });
    expect(files[2]).toMatchObject({ problem: expect.stringContaining("there is no such file") });
    expect(code).toBe(1);
  });

  it("reads standard input, and gzip", async () => {
    const zipped = file("right.jsonl.gz", gzipSync(jsonl(RIGHT)));
    expect((await check(zipped, "--model", "kv")).code).toBe(0);
    const { code, stdout } = await spawnCli(["check", "--model", "kv"], jsonl(STALE));
    expect(stdout).toContain("get a -> null by process 0 (standard input:6)");
    expect(code).toBe(1);
  });

  it("takes the rules that it is given", async () => {
    const lines: readonly Line[] = [
      [0, "invoke", "scan", null, ["a", "b"]],
      [1, "invoke", "put", "a", 1],
      [1, "ok", "put", "a"],
      [1, "invoke", "put", "b", 1],
      [1, "ok", "put", "b"],
      [0, "ok", "scan", null, [["b", 1]]],
    ];
    const torn = file("torn.jsonl", jsonl(lines));
    expect((await check(torn, "--model", "kv")).code).toBe(1);
    const weak = ["--model", "kv", "--scan", "per-key", "--crash", "buffered"];
    expect((await check(torn, ...weak)).stdout).toContain("clients, 2 keys, scans per key, N s)");
    expect((await check(torn, "--model", "kv", "--half-open")).stdout).toContain("not lin");
    const zero = file(
      "zero.edn",
      "{:process 0 :type :invoke :f :read :value nil}\n" +
        "{:process 0 :type :ok :f :read :value 7}\n",
    );
    expect((await check(zero, "--model", "register")).code).toBe(1);
    const seven = await check(zero, "--model", "register", "--initial", "7");
    expect(seven.stdout).toContain(": linearizable (1 operation, 1 client, initial 7, N s)");
    expect(seven.code).toBe(0);
  });

  it("names each rule that is not the usual one and makes a difference", async () => {
    const lines: readonly Line[] = [
      [0, "invoke", "put", "a", 1],
      [0, "info", "put", "a"],
      [1, "invoke", "scan", null, ["a", "b"]],
      [1, "ok", "scan", null, []],
    ];
    const cut = file("cut.jsonl", jsonl(lines));
    const weak = ["--crash", "ignored", "--scan", "per-key", "--half-open", "--no-partition"];
    const page = join(folder, "cut.html");
    const { stdout } = await check(cut, "--model", "kv", ...weak, "--html", page, "--json");
    const rules = ["crash ignored", "scans per key", "scans half-open", "all keys at once"];
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ verdict: "linearizable", rules }] });
    expect(readFileSync(page, "utf8")).toContain("cut.jsonl, crash ignored, scans");
    const usual = await check(right, "--model", "kv", ...weak.slice(0, -1), "--json");
    expect(JSON.parse(usual.stdout)).toMatchObject({ files: [{ rules: [] }] });
  });

  it("takes no history for right in which nobody was answered", async () => {
    const nothing = "so there is nothing to check; expected answers";
    const files: readonly (readonly [string, string, string])[] = [
      ["empty.jsonl", "", "the history has no operations"],
      ["crash.jsonl", '{"type":"crash"}\n', "the history has no operations"],
      [
        "nemesis.edn",
        "{:process :nemesis, :type :info, :f :start}",
        "the history has no operations",
      ],
      ["open.jsonl", jsonl([[0, "invoke", "get", "a"]]), "none of 1 operation returned ok"],
      [
        "failed.jsonl",
        jsonl([
          [0, "invoke", "get", "a"],
          [0, "fail", "get"],
          [1, "invoke", "put", "a", 1],
          [1, "info", "put"],
        ]),
        "none of 2 operations returned ok",
      ],
    ];
    const paths = files.map(([name, content]) => file(name, content));
    const { code, stdout, stderr } = await check(...paths, right, "--model", "kv");
    expect(stderr).toBe(
      files.map(([name, , what]) => `latchwork: ${name}: ${what}, ${nothing}\n`).join(""),
    );
    expect(stdout).toContain("total: 6 files, 1 linearizable, 5 no history");
    expect(code).toBe(2);
    const piped = await runCli(["check", "--model", "kv"]);
    expect(piped.stderr).toBe(
      `latchwork: standard input: the history has no operations, ${nothing}\n`,
    );
    expect(piped.code).toBe(2);
  });

  it("tells a screenful of what was open, those that answered first", async () => {
    const writers = Array.from({ length: 3000 }, (_, i) => i + 9);
    const lines: readonly Line[] = [
      ...writers.map((process): Line => [process, "invoke", "write", null, process % 5]),
      [0, "invoke", "read"],
      [0, "ok", "read", null, 77],
      ...writers.map((process): Line => [process, process === 1243 ? "ok" : "info", "write"]),
    ];
    const flood = file("flood.jsonl", jsonl(lines));
    const { code, stdout } = await check(flood, "--model", "register");
    const printed = stdout.trimEnd().split("\n");
    expect(printed).toHaveLength(18);
    expect(printed[2]).toBe("  open at that moment:");
    expect(printed[3]).toContain("write 3 -> null by process 1243 ");
    expect(printed[4]).toContain("write 4 -> info by process 9 ");
    expect(printed[15]).toBe("    and 2,988 more");
    expect(code).toBe(1);
    const { stdout: json } = await check(flood, "--model", "register", "--json");
    const { files } = JSON.parse(json) as { files: { open: unknown[] }[] };
    expect(files[0]?.open).toHaveLength(3001);
  });

  it("explains a no, and draws it into files of its own", async () => {
    const page = join(folder, "run.html");
    const options = ["--explain", "--html", page, "--svg", join(folder, "run.svg")];
    const { code, stdout } = await check(stale, right, "--model", "kv", ...options);
    expect(stdout).toContain("  no order explains these 2 operations");
    expect(stdout).toContain("  why:\n");
    expect(stdout).toContain("\n  wrote run.html\n  wrote run.svg\nright.jsonl: linearizable");
    expect(stdout).toContain("\n  wrote run-2.html\n  wrote run-2.svg\n");
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(join(folder, "run-2.svg"), "utf8")).toMatch(/^<svg/);
    expect(code).toBe(1);
  });

  it("prints in JSON the facts that its sentences are made of", async () => {
    const { stdout } = await check(stale, "--model", "kv", "--explain", "--json");
    const over = { kind: "time", isCut: false, isAcrossCrash: false };
    const because = [{ ...over, before: 1, after: 3 }];
    const gone = { kind: "value", operation: 1, key: "a", value: 1 };
    const excluded = [{ kind: "gone", writer: null, found: gone, because }];
    const found = { kind: "value", operation: 3, key: "a", value: null };
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        {
          explanation: {
            named: [
              { name: "A", id: 1, isCore: true },
              { name: "B", id: 3, isCore: true },
            ],
            facts: [{ kind: "all-excluded", found, writers: 0, isInitial: true, excluded }],
            sentences: [
              "B found that a was null. So it was only at first, and what it was at first was " +
                "gone when A found 1 (A was over before B began).",
            ],
          },
        },
      ],
    });
  });

  it.skipIf(!existsSync("/dev/full"))("goes on if a picture cannot be written", async () => {
    symlinkSync("/dev/full", join(folder, "full.svg"));
    const options = ["--model", "kv", "--svg", join(folder, "full.svg"), "--json"];
    const { code, stdout, stderr } = await check(right, right, ...options);
    expect(stderr).toMatch(/^latchwork: cannot write full.svg: the disk is full\n$/);
    const { files } = JSON.parse(stdout) as { files: Record<string, unknown>[] };
    expect(files).toMatchObject([
      { verdict: "linearizable", svg: null },
      { verdict: "linearizable", svg: "full-2.svg" },
    ]);
    expect(code).toBe(74);
    const no = await check(stale, "--model", "kv", "--html", "/dev/full");
    expect(no.stdout).toContain("not linearizable");
    expect(no.stderr).toBe("latchwork: cannot write /dev/full: the disk is full\n");
    expect(no.code).toBe(1);
  });

  it.skipIf(!existsSync("/dev/full"))("exits 1 for a no that cannot be printed", async () => {
    const bad = file("bad.jsonl", "?\n");
    const cases: readonly (readonly [number, readonly string[]])[] = [
      [1, [stale]],
      [74, [right, bad, "--json"]],
      [1, [stale, "--json"]],
      [1, [right, right, stale]],
      [74, [right]],
    ];
    for (const [expected, args] of budget({ short: cases.slice(0, 2), campaign: cases })) {
      const words = [MAIN, "check", ...args, "--model", "kv"];
      const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
      const { status, stderr } = spawnSync(process.execPath, words, { stdio: [...stdio] });
      const lines = stderr.toString().trimEnd().split("\n");
      expect(lines.filter((line) => line.includes("the output could not"))).toHaveLength(1);
      expect(lines).toHaveLength(args.includes(bad) ? 2 : 1);
      expect([status, ...args]).toEqual([expected, ...args]);
    }
  });

  it("says by its exit code what it knew when its reader went away", async () => {
    const cases: readonly (readonly [number, readonly string[]])[] = [
      // What was not judged is not found right.
      [74, [right, right]],
      [1, [stale, right]],
      [0, [right]],
    ];
    for (const [expected, args] of budget({ short: cases.slice(0, 1), campaign: cases })) {
      const child = startCli(["check", ...args, "--model", "kv"]);
      child.stdout.destroy();
      const { code, stderr } = await ended(child);
      expect([code, stderr, ...args]).toEqual([expected, "", ...args]);
    }
  });

  it("ends at Ctrl-C with how far it got, and exits 130", async () => {
    const quick = file("quick.jsonl", jsonl(EMPTIED));
    const child = startCli(["check", quick, endless, right, "--model", "queue"]);
    const result = ended(child);
    // The first line tells that the handler is in place.
    await new Promise((resolve) => child.stdout.once("data", resolve));
    // Most probably it checks by then; nothing tells when it does.
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    expect(stdout).toMatch(/endless.jsonl: unknown \(.*\)\n {2}interrupted(?:; expl| after read)/);
    expect(stdout).toContain("total: 2 files, 1 linearizable, 1 unknown, 1 not tried");
    expect(stderr).toBe("");
    expect(code).toBe(130);
  });

  it("ends at Ctrl-C while it waits for more to read", async () => {
    const quick = file("quick.jsonl", jsonl(EMPTIED));
    const child = startCli(["check", quick, "-", "--model", "queue"]);
    const result = ended(child);
    child.stdin.write(jsonl(EMPTIED));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    const { code, stdout } = await result;
    expect(stdout).toMatch(
      /standard input: unknown \(.*\)\n {2}interrupted after reading \d+ bytes/,
    );
    expect(code).toBe(130);
  });
});
