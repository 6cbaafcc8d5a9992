import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ended, runCli, spawnCli, startCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-prove-"));
mkdirSync(join(folder, "d.new"));
writeFileSync(join(folder, "s.txt.new"), "task get 1\n");
execFileSync("mkfifo", [join(folder, "pipe")]);
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = "capacity 2\ntree [10,20][30,40]\ntask get 20\ntask insert 15\n";
const LARGE = "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask delete 30\ntask scan\n";

/** A checkpoint with other searches, and the checksum that belongs to them. */
function forged(text: string, lines: string): string {
  const changed = `${text.slice(0, text.indexOf("\n") + 1)}${lines}\n`;
  return `${changed}sha256 ${createHash("sha256").update(changed).digest("hex")}\n`;
}

describe("prove", () => {
  it("says how many interleavings there are about, runs them all, and exits 0", async () => {
    const { code, stdout, stderr } = await spawnCli(
      ["prove", "-", "--protocol", "crabbing"],
      SMALL,
    );
    expect(stdout).toMatch(/^crabbing, standard input: about [\d,]+ interleavings \([\d,]+ to /);
    expect(stdout).toMatch(
      /proved: every one of [\d,]+ interleavings of this scenario: no failure\n/,
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("gives no rate of what took no time", async () => {
    const { code, stdout } = await runCli([
      "prove",
      "--random-scenarios",
      "1",
      "--protocol",
      "crabbing",
    ]);
    expect(stdout).toContain(" steps");
    expect(stdout).not.toContain("/s");
    expect(code).toBe(0);
  });

  it("counts schedules within a bound of preemptions, and says so of their rate", async () => {
    const args = ["prove", "-", "--protocol", "crabbing", "--preemptions", "1"];
    const { code, stdout } = await spawnCli(args, `${LARGE}task put 20\ntask insert 25\n`);
    expect(stdout).toMatch(/at most 1 preemption, by [\d,]+ schedules: no failure\n/);
    expect(stdout).toMatch(/ [\d,]+ schedules\/s\n/);
    expect(code).toBe(0);
  });

  it("finds a planted bug, tells its story, and exits 1", async () => {
    const { code, stdout } = await runCli(["prove", "--bug", "C1"]);
    expect(stdout).toContain("found: not-linearizable in crabbing with bug C1");
    expect(stdout).toMatch(/latchwork replay 'LW1:.*'\n$/);
    expect(code).toBe(1);
  });

  it("exits 3 at the end of its budget, and says how far it got", async () => {
    const args = ["prove", "-", "--protocol", "crabbing", "--runs", "20"];
    const { code, stdout } = await spawnCli(args, LARGE);
    expect(stdout).toMatch(/unfinished: 20 interleavings, no failure, (?:about|less than) \d+ %/);
    expect(code).toBe(3);
  });

  it("prints the same as JSON", async () => {
    const args = ["prove", "-", "--protocol", "tree-mutex", "--json"];
    const { code, stdout } = await spawnCli(args, SMALL);
    const { results, found } = JSON.parse(stdout);
    expect(found).toBe(false);
    expect(results).toMatchObject([{ protocol: "tree-mutex", state: "proved", replay: null }]);
    expect(results[0].search).toMatchObject({ asleep: 0, impossible: 0, strayed: 0 });
    expect(code).toBe(0);
  });

  it("draws random scenarios and proves each", async () => {
    const args = ["prove", "--random-scenarios", "2", "--protocol", "tree-mutex"];
    const { code, stdout } = await runCli(args);
    expect(stdout.match(/^proved: /gm)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it("is resumed from its checkpoint, with the same count in the end", async () => {
    const whole = await spawnCli(["prove", "-", "--protocol", "crabbing", "--json"], SMALL);
    const file = join(folder, "proof.json");
    const args = ["prove", "-", "--protocol", "crabbing", "--checkpoint", file, "--json"];
    const first = await spawnCli([...args, "--runs", "7"], SMALL);
    expect(first.code).toBe(3);
    const second = await spawnCli(args, SMALL);
    expect(second.code).toBe(0);
    const [a, b] = [whole, second].map(({ stdout }) => JSON.parse(stdout).results[0]);
    expect(b.interleavings).toBe(a.interleavings);
    expect(b.steps).toBe(a.steps);
  });

  it("stops at Ctrl-C with exit code 130", async () => {
    const scenario = join(folder, "endless.txt");
    writeFileSync(scenario, `${LARGE}task insert 35 then delete 10 then scan\n`);
    const file = join(folder, "stopped.json");
    const args = ["prove", scenario, "--protocol", "crabbing", "--checkpoint", file];
    const child = startCli(args);
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, stdout } = await ended(child);
    expect(code).toBe(130);
    expect(stdout).toContain("stopped: ");
    expect(readFileSync(file, "utf8")).toContain("latchwork proof");
  });

  it("keeps what workers have begun at Ctrl-C, for any number of them to resume", async () => {
    const scenario = join(folder, "many.txt");
    writeFileSync(scenario, `${LARGE}task get 40\n`);
    const plain = ["prove", scenario, "--json", "--probes", "20", "--runs", "300"];
    const whole = await runCli(plain);
    const file = join(folder, "many.json");
    const args = [...plain, "--checkpoint", file, "--workers"];
    const child = startCli([...args, "2"]);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      // Three quick ones are over; the other two are under way.
      if (text.includes("tree-rw")) child.kill("SIGINT");
    });
    expect((await ended(child)).code).toBe(130);
    const resumed = await runCli([...args, "3"]);
    const [a, b] = [whole, resumed].map(({ stdout }) =>
      stdout.replaceAll(/"seconds": [\d.e-]+/g, ""),
    );
    expect(b).toBe(a);
    expect(resumed.code).toBe(3);
  });

  it.each([
    ["nothing", [], "nothing to prove; expected a scenario file"],
    [
      "a checkpoint that is the scenario",
      [join(folder, "endless.txt"), "--checkpoint", join(folder, "endless.txt")],
      "--checkpoint would overwrite",
    ],
    [
      "more random scenarios than it can draw first",
      ["--random-scenarios", "1000000000"],
      "Expected a whole number from 1 to 10000",
    ],
    ["no workers", ["-", "--workers", "0"], "Expected a whole number from 1 to 64"],
    [
      "a bound and a checkpoint",
      ["-", "--protocol", "crabbing", "--preemptions", "1", "--checkpoint", join(folder, "x")],
      "without --preemptions",
    ],
    ["a scenario that is not used", ["-", "--random-scenarios", "2"], "would not be used"],
    ["an unknown protocol", ["-", "--protocol", "none"], "none"],
  ])("refuses %s in one line", async (_, args, message) => {
    const { code, stdout, stderr } = await spawnCli(["prove", ...args], SMALL);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it.each([
    [
      "a checkpoint whose draft is the scenario",
      [join(folder, "s.txt.new"), "--checkpoint", join(folder, "s.txt")],
      "--checkpoint would overwrite",
    ],
    ["a directory to keep", ["-", "--checkpoint", folder], "it is a directory; expected the name"],
    ["a draft that is one", ["-", "--checkpoint", join(folder, "d")], "it is a directory"],
    ["a new directory to keep", ["-", "--checkpoint", "no-slash/"], "no directory no-slash/"],
    ["a checkpoint nowhere", ["-", "--checkpoint", "no/x"], "no/x: there is no directory no"],
    [
      "a checkpoint in a file",
      ["-", "--checkpoint", "README.md/x"],
      "README.md/x: part of its path is no directory",
    ],
    ["a name too long", ["-", "--checkpoint", "x".repeat(253)], "its name is too long"],
    ["a pipe", ["-", "--checkpoint", join(folder, "pipe")], "pipe is no regular file"],
    ["a full disk", ["-", "--checkpoint", "/dev/full"], "/dev/full is no regular file"],
    ["what keeps nothing", ["-", "--checkpoint", "/dev/null"], "/dev/null is no regular file"],
  ])("refuses %s before anything is done, in one line", async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(["prove", ...args]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([stdout, code]).toEqual(["", 2]);
  });

  it("refuses a file that is no checkpoint, is damaged, or is of something else", async () => {
    const scenario = join(folder, "small.txt");
    const junk = join(folder, "junk");
    const file = join(folder, "good");
    writeFileSync(scenario, SMALL);
    const refused = async (
      path: string,
      change: string,
      given: readonly string[],
      what: string,
    ) => {
      writeFileSync(path, change);
      const args = ["prove", scenario, ...given, "--checkpoint", path];
      const { code, stdout, stderr } = await runCli(args);
      expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(what)]);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(readFileSync(path, "utf8")).toBe(change);
    };
    const mutex = ["--protocol", "tree-mutex"];
    await runCli(["prove", scenario, ...mutex, "--checkpoint", file]);
    const text = readFileSync(file, "utf8");
    await refused(junk, "junk", mutex, "is no checkpoint");
    await refused(junk, "", mutex, "is no checkpoint");
    await refused(junk, text.slice(0, 40), mutex, "is no checkpoint");
    await refused(junk, text.slice(0, -20), mutex, "is damaged");
    await refused(junk, text.slice(0, text.indexOf("\n") + 1), mutex, "is damaged");
    await refused(junk, `${text}more`, mutex, "is damaged");
    await refused(junk, text.replace('"runs":', '"runs": 1'), mutex, "is damaged");
    for (const line of ["", "[]", "[0]", "[0,null]", "[5,{}]", "[0,{}]", "[null,null]", "{", "7"]) {
      await refused(junk, forged(text, line), mutex, "is damaged");
    }
    const [, good = ""] = text.split("\n");
    await refused(junk, forged(text, `${good}\n${good}`), mutex, "is damaged");
    await refused(junk, forged(text, good.replace("[0,", "[1,")), mutex, "is damaged");
    await refused(junk, forged(text, good.replace('"runs":', '"runs":-')), mutex, "is damaged");
    await refused(junk, forged(text, good.replace('"path":[', '"path":[{},')), mutex, "is damaged");
    const other = text.replace('"formatVersion":3', '"formatVersion":99');
    await refused(junk, other, mutex, "format 99, and this is latchwork");
    await refused(file, text, ["--protocol", "tree-rw"], "another scenario or protocol");
    await refused(file, text, [], "other scenarios or protocols");
    await refused(file, text, [...mutex, "--crashes"], "another scenario or protocol");
  });
});
