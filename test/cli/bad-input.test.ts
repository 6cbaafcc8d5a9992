import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCli, spawnCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

const RUN = "LW1:bug C1;capacity 2;tree [10,20][40];task get 20;task insert 15;schedule a2b4a";
const RIGHT_RUN = `${RUN}#503e6a`.replace("bug C1", "protocol crabbing;bug C1");
const random = ["hunt", "--runs", "1"];
const withFile = (content: string | Uint8Array): string[] => [
  "hunt",
  file(`${files++}.txt`, content),
];
const kv = ["--model", "kv"];
const history = (content: string | Uint8Array): string[] => [
  "check",
  file(`${files++}.history`, content),
  ...kv,
];
const PIPE = join(folder, "pipe");
execFileSync("mkfifo", [PIPE]);
let files = 0;
/** Nothing listens at port 1, and nobody but root may. */
const NOWHERE = "http://127.0.0.1:1";

/** What is asked for, and what the one line of the answer must name. */
const CASES: readonly (readonly [what: string, args: readonly string[], said: string])[] = [
  ["an unknown verb", ["hant"], "unknown command 'hant'"],
  [
    "an unknown verb that resembles none",
    ["x"],
    "expected hunt, prove, replay, bugs, protocols, tour",
  ],
  ["help for an unknown verb", ["help", "nope"], "unknown command 'nope'"],
  ["help for an unknown verb by its flag", ["nope", "--help"], "unknown command 'nope'"],
  ["help for two verbs", ["help", "hunt", "replay"], "help is of one verb: latchwork help hunt"],
  ["an unknown option", ["hunt", "--deep"], "unknown option '--deep'"],
  ["an unknown protocol", [...random, "--protocol", "x"], 'no protocol "x"; there are tree-mutex'],
  ["an unknown bug", [...random, "--bug", "C99"], 'no bug "C99"; there are C1'],
  ["an unknown bug to show", ["bugs", "C99"], 'no bug "C99"'],
  ["an unknown strategy", [...random, "--strategy", "x"], "expected portfolio, round-robin"],
  [
    "PCT of no depth",
    [...random, "--strategy", "pct0"],
    "surw, surw:object, surw:writes, swarm, feedback, dpor, dpor:C, dfs, dfs:C (as pct3",
  ],
  ["an unknown fairness", [...random, "--fairness", "x"], "Expected fifo, writer-preferring"],
  ["a bug of another protocol", [...random, "--bug", "C1", "--protocol", "tree-rw"], "not of tree"],
  ["a missing file", ["hunt", "nowhere.txt"], "cannot read nowhere.txt: there is no such file"],
  ["a directory", ["hunt", "src"], "cannot read src: it is a directory"],
  ["a file without end", ["hunt", "/dev/full"], "/dev/full: has over 1 MB; a scenario has at most"],
  ["a run without end", ["replay", "/dev/full"], "/dev/full: has over 1 MB"],
  ["an empty file", withFile(""), "is empty; expected a scenario"],
  ["a file of comments", withFile("# nothing\n"), "there is no task; expected a line such as"],
  ["a binary file", withFile(Uint8Array.of(1, 0, 2)), "is binary; expected a text file"],
  ["a file that is no text", withFile(Uint8Array.of(0xff, 0xfe)), "is binary"],
  ["an unknown word", withFile("tusk get 1"), 'line 1: unknown word "tusk"; expected protocol'],
  ["an unknown operation", withFile("task got 1"), 'line 1: unknown operation "got 1"; expected'],
  ["a key too long", withFile("task get 99999999999"), "a whole number from 0 to 4294967295"],
  ["a key below 0", withFile("task get -5"), 'line 1: the key of get is "-5"; expected a whole'],
  ["a key that is no number", withFile("task put x=3"), 'the key of put is "x"; expected a whole'],
  ["a value below 0", withFile("task put 5=-3"), 'the value of put is "-3"; expected a whole'],
  ["a get with two keys", withFile("task get 1 2"), '"get 1 2" has more than belongs to get'],
  ["a get without a key", withFile("task get"), "get names no key; expected get 15"],
  ["a checkpoint of something", withFile("task clean all"), '"clean all" has more than belongs'],
  [
    "half a range",
    withFile("task scan [10"),
    'cannot read "scan [10"; expected scan, scan [10,40)',
  ],
  ["a then without what comes then", withFile("task get 1 then"), "an operation is missing"],
  ["a batch without writes", withFile("task batch"), "an operation is missing"],
  ["a task without operations", withFile("task"), "line 1: an operation is missing"],
  ["a key of a tree below 0", withFile("tree [-5]\ntask get 1"), 'a key of the tree is "-5"'],
  ["keys out of order", withFile("tree [2,1]\ntask get 1"), "key 1 comes after 2"],
  ["an over-full leaf", withFile("capacity 2\ntree [1,2,3]\ntask get 1"), "has 3 keys"],
  ["a field said twice", withFile("capacity 2\ncapacity 3\ntask get 1"), "a second capacity"],
  ["two trees", withFile("tree [1]\nbuild put 1\ntask get 1"), "a second tree"],
  ["a long word", withFile(`${"x".repeat(5000)}\n`), "...; expected protocol, bug"],
  ["more tasks than can be judged", withFile("task get 1\n".repeat(17)), "there are 17 tasks"],
  [
    "a schedule of other tasks",
    ["replay", file("drift.txt", "task get 1\ntask get 2\nschedule zq\n")],
    "only up to step 0",
  ],
  [
    "a schedule of another task where there is one",
    ["replay", file("other-task.txt", "protocol tree-mutex\ntask get 1\nschedule b9\n")],
    "only up to step 0",
  ],
  [
    "a schedule that is too long",
    ["replay", file("too-long.txt", "protocol tree-mutex\ntask get 1\nschedule a99\n")],
    "only up to step 1",
  ],
  [
    "a schedule with a value that is not drawn",
    ["replay", file("value.txt", "protocol tree-mutex\ntask get 1\nschedule a=7\n")],
    "only up to step 1",
  ],
  ["a file's protocol", withFile("protocol x\ntask get 1"), '.txt: no protocol "x"; there are'],
  ["a file's bug", withFile("bug C99\ntask get 1"), '.txt: no bug "C99"; there are'],
  ["a file's page size", withFile("page-size 3\ntask get 1"), ".txt: page size must be a power"],
  [
    "a wrong file behind a right one",
    ["hunt", "scenarios/smallest_split.txt", file("nope.txt", "protocol x\ntask get 1")],
    'nope.txt: no protocol "x"',
  ],
  [
    "the protocol of a file to replay",
    ["replay", file("other.txt", "protocol x\ntask get 1\nschedule a\n")],
    'other.txt: no protocol "x"',
  ],
  ["capacity 1", [...random, "--capacity", "1"], "not 1"],
  ["capacity 1 in a file", withFile("capacity 1\ntask get 1"), "not 1"],
  ["a page size that is absurd", [...random, "--page-size", "7"], "a power of two from 512 to"],
  ["a negative count", ["hunt", "--runs", "-5"], "'-5' is invalid. Expected a whole number from 1"],
  ["a fraction of a run", ["hunt", "--runs", "1.5"], "Expected a whole number from 1"],
  ["a count too large", ["hunt", "--runs", "99999999999"], "Expected a whole number from 1 to"],
  ["a count that is none", ["bugs", "--hunt", "--runs", "many"], "Expected a whole number"],
  ["a skew above 1", [...random, "--skew", "2"], "Expected a number from 0 to 1"],
  ["one task only", [...random, "--tasks", "1"], "Expected a whole number from 2 to 16"],
  ["an option without its value", ["hunt", "--seed"], "argument missing"],
  ["random scenarios without end", ["hunt", "--exhaustive"], "--exhaustive needs a scenario"],
  [
    "two ways to explore",
    ["hunt", "--bug", "C1", "--exhaustive", "--strategy", "urw"],
    "give it or",
  ],
  ["a bound on nothing", ["hunt", "--bug", "C1", "--preemptions", "2"], "--preemptions bounds"],
  ["a shape for a fixed scenario", ["hunt", "--bug", "C1", "--keys", "9"], "--keys shapes random"],
  ["crashes beyond count", ["hunt", "--crashes", "9"], "Expected 0 to 3"],
  ["crashes in place of a file", ["hunt", "--crashes", "x.txt"], "none and scenarios before it"],
  ["no crashes at random", ["hunt", "--crashes", "0"], "expected 1 to 3, or a scenario file"],
  ["a pool in memory", [...random, "--pool", "8"], "--pool is of trees on a disk"],
  ["a pool in memory, in a file", [...withFile("task get 1"), "--pool", "8"], "add --crashes"],
  ["a bug of the engine in memory", ["hunt", "--random", "--bug", "W1"], "W1 is in the engine"],
  ["a pool too small", [...random, "--crashes", "--pool", "2"], "Expected 8 to 1000000"],
  ["an unknown policy", [...random, "--crashes", "--commit", "x"], "Expected each, window:2"],
  ["unknown reads", [...random, "--crashes", "--reads", "x"], "Expected committed or durable"],
  ["unknown survival", [...random, "--crashes", "--survival", "x"], "Expected patterns or"],
  ["an unknown fault", [...random, "--crashes", "--faults", "read,x"], "Expected read or write"],
  ["a checkpoint in memory that is not", withFile("crashes x\ntask get 1"), "line 1"],
  ["a batch with a key twice", withFile("task batch put 1 and put 1"), "writes key 1 twice"],
  ["a scenario drawn and given", ["hunt", "--random", "x.txt"], "x.txt would not be used"],
  ["standard input twice", ["hunt", "-", "-"], "give - once"],
  ["a matrix of nothing hunted", ["bugs", "--matrix"], "--matrix is of bugs --hunt"],
  ["seeds of a survey", ["bugs", "--hunt", "--seeds", "3"], "--seeds is of bugs --hunt --matrix"],
  ["a matrix of a decoy", ["bugs", "K1", "--hunt", "--matrix"], "K1 is a decoy"],
  ["a matrix with no seeds", ["bugs", "--hunt", "--matrix", "--seeds", "0"], "--seeds"],
  ["a bug to hunt among all", ["bugs", "C1", "--hunt"], "latchwork hunt --bug C1"],
  ["an argument too many", ["protocols", "x"], "too many arguments"],
  ["no run to replay", ["replay"], "missing required argument 'run'"],
  ["a run that is none", ["replay", "nowhere"], "is no file, nor a line that begins with LW1:"],
  ["a run cut short", ["replay", RUN], "was cut short or changed"],
  ["a run of another version", ["replay", "LW9:x#0"], "begins with LW9:; this version reads LW1:"],
  ["a file without a schedule", ["replay", "package.json"], "package.json: scenario line 1"],
  ["a scenario to replay", ["replay", "scenarios/smallest_split.txt"], 'has no line "schedule'],
  ["a check without a model", ["check", "x"], "--model is missing; expected one of register"],
  ["an unknown model", ["check", "x", "--model", "y"], "Expected register, cas-register"],
  ["two models", ["check", "x", ...kv, "--model", "set"], "--model is given twice; give it once"],
  [
    "partitions twice",
    ["hunt", "--random", "--crashes", "--partitions", "2", "--partitions", "3"],
    "--partitions is given twice; give it once",
  ],
  ["two bugs", ["prove", "--bug", "C1", "--bug", "C2"], "--bug is given twice; give it once"],
  ["two protocols", [...random, "--protocol", "x", "--protocol", "y"], "--protocol is given twice"],
  ["two counts", [...random, "--runs", "2"], "--runs is given twice"],
  ["a default given twice", ["prove", "--seed", "1", "--seed", "2"], "--seed is given twice"],
  ["seeds of bugs", ["bugs", "--hunt", "--seed=1", "--seed=2"], "--seed is given twice"],
  ["crashes twice", [...random, "--crashes", "2", "--crashes"], "--crashes is given twice"],
  ["a replay under two", ["replay", RUN, "--protocol", "x", "--protocol", "y"], "given twice"],
  ["two widths", ["protocols", "--width", "80", "--width", "90"], "--width is given twice"],
  ["workers twice", ["prove", "--workers", "1", "--workers", "2"], "--workers is given twice"],
  ["an unknown format", ["check", "x", ...kv, "--format", "y"], "Expected auto, jsonl, edn"],
  ["no time at all", ["check", "x", ...kv, "--timeout", "0"], "Expected seconds over 0"],
  ["a start that is no JSON", ["check", "x", ...kv, "--initial", "x"], "Expected JSON, such as 0"],
  [
    "a start that a model cannot have",
    ["check", "x", "--model", "semaphore", "--initial", "0"],
    "a semaphore cannot start with 0; expected a whole number over 0",
  ],
  [
    "a finding over the scenario",
    ["hunt", "scenarios/smallest_split.txt", "--save", "./scenarios/smallest_split.txt"],
    "would overwrite ./scenarios/smallest_split.txt",
  ],
  [
    "two outputs in one file",
    [...random, "--save", "x", "--trace", "x"],
    "--trace would overwrite",
  ],
  ["a trace to standard output", ["replay", RUN, "--trace", "-"], "written to a file; give its"],
  ["a trace without a name", [...random, "--trace", ""], "Expected the name of a file"],
  ["a history twice from standard input", ["check", "-", "-", ...kv], "give - once"],
  ["a picture over the history", ["check", "x", ...kv, "--svg", "./x"], "would overwrite ./x"],
  ["a picture without a name", ["check", "x", ...kv, "--svg", ""], "Expected the name of a file"],
  ["a picture to standard output", ["check", "x", ...kv, "--html", "-"], "written to a file; give"],
  [
    "a history for another model",
    history('{"process":0,"type":"invoke","f":"read"}\n'),
    "1: unknown operation read: expected get, put, insert, delete, cas, append, scan, scan-back; " +
      "--model register or cas-register or knossos-cas-register or set or counter can read",
  ],
  ["a stress of no address", ["stress", "x"], "address is x; expected one such as http://127"],
  ["a stress of a path", ["stress", "http://h/x"], "http://h/x; expected one such as http://127"],
  ["a stress where nobody is", ["stress", NOWHERE], "ECONNREFUSED 127.0.0.1:1; start a server"],
  ["a mix of nothing", ["stress", NOWHERE, "--mix", "get=0"], "mix get=0 has nothing to draw"],
  ["a mix of what is not", ["stress", NOWHERE, "--mix", "got=1"], 'mix got=1 has "got=1"; expect'],
  ["a mix of it twice", ["stress", NOWHERE, "--mix", "get=1,get=2"], "has a kind twice; expected"],
  ["a mix by halves", ["stress", NOWHERE, "--mix", "get=.5"], 'has "get=.5"; expected weights'],
  ["no clients", ["stress", NOWHERE, "--clients", "0"], "a whole number from 1 to 4096"],
  ["no seconds", ["stress", NOWHERE, "--seconds", "0"], "Expected seconds over 0"],
  ["a table twice", ["stress", NOWHERE, "--tables", "a,a"], "names with commas between, each once"],
  ["a table without a name", ["stress", NOWHERE, "--tables", ""], "names with commas between"],
];

const UNWRITABLE: typeof CASES = [
  ["a picture in a directory", ["check", "x", ...kv, "--html", "src"], "src: it is a directory"],
  ["a picture nowhere", ["check", "x", ...kv, "--svg", "no/y"], "no/y: there is no directory no"],
  ["a scenario to save", ["hunt", "--bug", "C1", "--save", "src"], "cannot write src: it is a dir"],
  ["a trace nowhere", ["hunt", "--runs", "1000000000", "--trace", "no/x"], "no directory no"],
  ["a finding nowhere", ["hunt", "--runs", "1000000000", "--save", "no/x"], "no directory no"],
  [
    "a recording nowhere",
    ["stress", NOWHERE, "--record", "no/x"],
    "no/x: there is no directory no",
  ],
  ["a trace of a replay", ["replay", RIGHT_RUN, "--trace", "no/x"], "no directory no"],
  ["a page of a replay", ["replay", RIGHT_RUN, "--html", "no/x"], "no directory no"],
];

describe("a file that cannot be written is one line and exit code 74", () => {
  it.concurrent.each(UNWRITABLE)("%s", async (_what, args, said) => {
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^latchwork: [^\n]+\n$/);
    expect(stderr).toContain(said);
    expect(code).toBe(74);
  });
});

it("a trace to a pipe that nobody reads is not waited for", async () => {
  const { code, stdout, stderr } = await runCli(["replay", RIGHT_RUN, "--trace", PIPE]);
  expect(stderr).toBe(`latchwork: cannot write ${PIPE}: nobody reads from it\n`);
  expect(stdout).toContain("not linearizable");
  expect(code).toBe(1);
});

describe("bad input is one line and exit code 2", () => {
  it.concurrent.each(CASES)("%s", async (_what, args, said) => {
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^latchwork: [^\n]+\n$/);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });

  it("empty standard input", async () => {
    const { code, stderr } = await spawnCli(["hunt", "-"], "");
    expect(stderr).toBe(
      "latchwork: standard input: is empty; expected a scenario, such as: task get 20\n",
    );
    expect(code).toBe(2);
  });
});
