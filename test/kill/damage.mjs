// npm run test:damage -- [--rounds N] [--seed S] [--protocol P] [--json]
//
// Damages the files of a database that was killed, or closed, at random places, and opens it: it has
// to be right, or to say what is wrong in one line with a code. Never wrong data, a hang, a crash.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrng } from "../../dist/task/index.js";
import { Reader, runAndKill } from "./children.mjs";
import { conclude, countOf, readArguments, Show, tally } from "./command.mjs";
import { damage } from "./damages.mjs";
import { Expected } from "./expected.mjs";
import { drawKill, drawLife, drawOptions, protocolNames } from "./setups.mjs";

/** Damages that are done to copies of one database, each to one that is whole. */
const ROUNDS_A_DATABASE = 10;
/** Writes made to a damaged database that opens. */
const WRITES = 20;

/** A database, killed or closed, with what was said of it and an older copy of its page file. */
async function makeDatabase(prng, options, seed, reader) {
  const root = mkdtempSync(join(tmpdir(), "latchwork-damage-"));
  const directory = join(root, "whole");
  const { pageSize, load } = drawLife(prng);
  const expected = new Expected();
  const order = { directory, options: { ...options, pageSize }, seed, load, isIdle: false };
  const first = drawKill(prng);
  const firstNumber = await runAndKill(
    { ...order, firstNumber: 0, fate: first.fate },
    first.kill,
    expected,
  );
  const answer = await reader.ask({ directory, options });
  const problems =
    answer.entries === null ? [JSON.stringify(answer)] : expected.settle(new Map(answer.entries));
  if (problems.length > 0) throw new Error(`before any damage: ${problems[0]}`);
  const oldPages = join(root, "pages-before");
  cpSync(join(directory, "pages"), oldPages);
  const isClosed = prng.below(2) === 0;
  const second = drawKill(prng);
  const end = isClosed
    ? { fate: null, closesAfterMs: 20 + prng.below(100) }
    : { fate: second.fate };
  const kill = isClosed ? { since: "never", afterMs: 0 } : second.kill;
  await runAndKill({ ...order, ...end, firstNumber }, kill, expected);
  return { root, directory, oldPages, pageSize, expected, isClosed };
}

/** Damages a copy, opens it twice; gives what is wrong with what came of it. */
async function damageOnce(database, options, prng, reader) {
  const copy = join(database.root, "copy");
  const damaged = join(database.root, "damaged");
  for (const directory of [copy, damaged]) rmSync(directory, { recursive: true, force: true });
  cpSync(database.directory, copy, { recursive: true });
  const { oldPages, pageSize } = database;
  const done = damage({ directory: copy, oldPages, pageSize, prng });
  cpSync(copy, damaged, { recursive: true });
  const answer = await reader.ask({ directory: copy, options, writes: WRITES });
  const problems = problemsOf(answer, done, database.expected);
  let result = resultOf(answer, database.expected);
  // Where check has told of damage, what is read may hang on what happens to be in memory.
  if (problems.length === 0 && answer.faults.length === 0 && answer.report?.ok === true) {
    const again = await reader.ask({ directory: copy, options });
    problems.push(...problemsOf(again, done, database.expected));
    const isSame = JSON.stringify(again.entries) === JSON.stringify(answer.entries);
    if (!isSame) problems.push("opened once more, it holds something else");
  }
  if (result === "wrong" && problems.length === 0) result = done.isStale ? "older, unseen" : result;
  return { done, result, problems };
}

/** What must never be, whatever was damaged. */
function problemsOf({ crash, entries, report, faults }, { file, isStale }, expected) {
  if (crash !== undefined) return [crash];
  const unclear = faults.find(({ isClear }) => !isClear);
  if (unclear !== undefined) return [`${unclear.stage}: not a clear error: ${unclear.stack}`];
  // Whatever has been told of is not wrong; whoever did not read the page cannot know.
  if (entries === null) return [];
  const found = new Map(entries);
  if (isStale) return report?.ok === true ? expected.historyProblems(found) : [];
  if (file.startsWith("log-")) {
    const problems = expected.prefixProblems(found);
    if (report !== null && !report.ok) problems.push(...report.problems);
    return problems;
  }
  return expected.exactProblems(found);
}

function resultOf({ crash, entries, report, faults }, expected) {
  if (crash !== undefined) return "crash";
  const [fault] = faults;
  if (fault !== undefined) return `${fault.code} at ${fault.stage}`;
  if (!report.ok) return "reported by check";
  const found = new Map(entries);
  if (expected.exactProblems(found).length === 0) return "whole";
  return expected.prefixProblems(found).length === 0 ? "end of the log lost" : "wrong";
}

async function run({ rounds, seed, protocol }, show) {
  const prng = createPrng(`damage ${seed}`);
  const protocols = protocolNames(protocol);
  const reader = new Reader();
  const outcome = { rounds: 0, seed, problems: [], results: {} };
  let database = null;
  let options = null;
  while (outcome.rounds < rounds && outcome.problems.length === 0) {
    if (outcome.rounds % ROUNDS_A_DATABASE === 0) {
      if (database !== null) rmSync(database.root, { recursive: true });
      options = drawOptions(prng, outcome.rounds / ROUNDS_A_DATABASE, protocols);
      database = await makeDatabase(prng, options, `${seed}/${outcome.rounds}`, reader);
    }
    const { done, result, problems } = await damageOnce(database, options, prng, reader);
    outcome.rounds++;
    outcome.results[result] = (outcome.results[result] ?? 0) + 1;
    if (problems.length > 0) {
      const end = database.isClosed ? "closed" : "killed";
      outcome.problems = [`${end}, ${done.file}: ${done.what}`, ...problems];
      outcome.kept = keep(database, options, outcome.problems);
    }
    show.progress(`round ${outcome.rounds} of ${rounds}: ${tally(outcome.results)}`);
  }
  reader.close();
  if (outcome.problems.length === 0) rmSync(database.root, { recursive: true });
  return outcome;
}

function keep({ root, expected }, options, problems) {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "expected.json"), JSON.stringify({ options, problems, expected }));
  return root;
}

const args = readArguments("test:damage", { rounds: 500 });
const show = new Show(args.json);
const outcome = await run(args, show);
show.end();
const lines = [
  `${countOf(outcome.rounds, "damage")}, seed ${outcome.seed}`,
  `what came of them: ${tally(outcome.results)}`,
];
if (outcome.problems.length === 0) lines.push("right, or refused in one line: every time");
else {
  const only = args.protocol === undefined ? "" : ` --protocol ${args.protocol}`;
  lines.push(
    ...outcome.problems.slice(0, 20),
    `kept: ${outcome.kept} (whole, damaged, copy: as it was, damaged, opened)`,
    `again: npm run test:damage -- --rounds ${outcome.rounds} --seed ${outcome.seed}${only}`,
  );
}
conclude(outcome, args.json, lines);
