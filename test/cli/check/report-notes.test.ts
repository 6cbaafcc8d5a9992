import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "../run-cli.ts";

type Line = readonly [
  process: number,
  type: string,
  f: string,
  key?: string | null,
  value?: unknown,
];

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
const file = (name: string, content: string): string => {
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

const check = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runCli(["check", ...args]);
  const local = (text: string): string => text.replaceAll(`${folder}/`, "");
  return {
    code,
    stdout: local(stdout).replaceAll(/\d+\.\d+ s/g, "N s"),
    stderr: local(stderr),
  };
};

describe("the notes of check", () => {
  it("says of a no that the object may not have begun empty, with the option for it", async () => {
    const begun = async (lines: readonly Line[], ...words: readonly string[]): Promise<string> => {
      const path = file("begun.jsonl", jsonl(lines));
      const { stdout } = await check(path, ...words);
      const note = /^ {2}note: .* (?:give|begin) (.*)$/m.exec(stdout)?.[1] ?? "";
      const option = /^--initial (?:'(.*)'|(\S+))$/.exec(note);
      if (option === null) return note;
      const initial = ["--initial", option[1] ?? option[2] ?? ""];
      // What the note says is what is missing.
      const again = await check(path, ...words, ...initial);
      return again.code === 0 ? note : `${note} is not enough`;
    };
    const read = (key: string | null, value: unknown): Line[] => [
      [0, "invoke", key === null ? "read" : "get", key],
      [0, "ok", key === null ? "read" : "get", key, value],
    ];
    const txn: Line[] = [
      [0, "invoke", "txn", null, [["read", "x", null]]],
      [0, "ok", "txn", null, [["read", "x", 7]]],
    ];
    expect(await begun(read(null, 7), "--model", "register")).toBe("--initial 7");
    expect(await begun(read("a", "x y"), "--model", "kv")).toBe("--initial '\"x y\"'");
    expect(await begun(txn, "--model", "multi-register")).toBe("--initial '{\"x\":7}'");
    expect(await begun(read(null, 7), "--model", "counter")).toBe("--initial 7");
    expect(await begun([...read("a", 1), ...read("b", 2)], "--model", "kv")).toBe(
      "the history with operations that put it there (--initial is the same for every key)",
    );
  });

  it("says on both outputs that times go back, and whatever the verdict", async () => {
    const at = (time: number, process: string, type: string, f: string, value?: unknown): string =>
      `${JSON.stringify({ process, type, f, key: "x", value, time })}\n`;
    const a = at(10, "a", "invoke", "put", 1) + at(20, "a", "ok", "put");
    const b = at(30, "b", "invoke", "put", 2) + at(40, "b", "ok", "put");
    const found = (value: number): string =>
      at(50, "a", "invoke", "get") + at(60, "a", "ok", "get", value);
    const joined = [1, 2].map((value) => file(`${value}.jsonl`, a + found(value) + b));
    const sorted = file("sorted.jsonl", a + b + found(2));
    const { code, stdout, stderr } = await check(...joined, sorted, "--model", "kv");
    const note = /times go back from event to event, at 2 of 6, first from 60 to 30 at put x 2/;
    expect(stdout.match(new RegExp(`note: ${note.source}`, "g"))).toHaveLength(2);
    const [first = "", second = "", ...more] = stderr.trimEnd().split("\n");
    expect(first).toMatch(new RegExp(`^latchwork: 1.jsonl: ${note.source}`));
    expect(second).toMatch(new RegExp(`^latchwork: 2.jsonl: ${note.source}`));
    expect(more).toEqual([]);
    expect(code).toBe(1);
    const json = JSON.parse((await check(joined[0] ?? "", "--model", "kv", "--json")).stdout) as {
      files: { notes: string[]; noteFacts: { kind: string }[]; warnings: string[] }[];
    };
    expect(json.files[0]?.notes[0]).toMatch(note);
    expect(json.files[0]?.noteFacts.map(({ kind }) => kind)).toEqual(["times"]);
    expect(json.files[0]?.warnings).toEqual(json.files[0]?.notes);
  });

  it("takes null as it is told to, and says so", async () => {
    const lost = file(
      "lost.jsonl",
      jsonl([
        [0, "invoke", "txn", null, [["write", "x", 1]]],
        [0, "ok", "txn", null, [["write", "x", 1]]],
        [0, "invoke", "txn", null, [["read", "x", null]]],
        [0, "ok", "txn", null, [["read", "x", null]]],
      ]),
    );
    const absent = await check(lost, "--model", "multi-register");
    expect(absent.stdout).toContain("\n  note: null was taken for a value: if it stands for");
    expect(absent.code).toBe(1);
    const unknown = await check(lost, "--model", "multi-register", "--nil", "unknown");
    expect(unknown.stdout).toContain("linearizable (2 operations, 1 client, nil unknown, N s)");
    expect(unknown.stdout).toContain(
      "\n  note: 1 of 2 answers to txn have read null, which agrees",
    );
    expect(unknown.code).toBe(0);
    const refused = await check(lost, "--model", "set", "--nil", "absent");
    expect(refused.stderr).toContain(
      "a set has no reads that find null; what null says is for reg",
    );
    expect(refused.code).toBe(2);
  });

  it("knows the counters of Jepsen, which answer what they were asked", async () => {
    const event = (type: string, f: string, value: number | string): string =>
      `{:process 0, :type :${type}, :f :${f}, :value ${value}}\n`;
    const add = (amount: number): string =>
      event("invoke", "add", amount) + event("ok", "add", amount);
    const read = event("invoke", "read", "nil") + event("ok", "read", 7);
    const counter = file("counter.edn", add(5) + add(2) + read);
    const { code, stdout } = await check(counter, "--model", "counter");
    expect(stdout).toContain(
      "note: 2 of 2 answers to add only repeat the argument, and show nothing",
    );
    expect(code).toBe(0);
    const total = event("invoke", "add", 1) + event("ok", "add", 8);
    const totals = await check(file("totals.edn", add(5) + read + total), "--model", "counter");
    expect(totals.stdout).not.toContain("only repeat");
    expect(totals.code).toBe(1);
    const lines = [5, 2].flatMap((amount): Line[] => [
      [0, "invoke", "add", null, amount],
      [0, "ok", "add", null, amount],
    ]);
    const ours = await check(file("counter.jsonl", jsonl(lines)), "--model", "counter");
    expect(ours.stdout).toContain(
      "note: whatever changes the counter answers its own argument, tak",
    );
    expect(ours.code).toBe(1);
  });
});
