// npm run test:kill -- [--rounds N] [--seed S] [--protocol P] [--json]
//
// Kills a process under 64 concurrent writers again and again, on real files, with SIGKILL: at any
// moment, at one of its file operations, and while it recovers from the kill before. After each
// round the database has to open and to hold what was acknowledged over a pipe, and nothing else.
//
// Every second and third round its path is relative, and every third the writer goes to another
// directory, which has a database under the same path, while it opens: that one must stay as it is.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../../dist/level/index.js";
import { createPrng } from "../../dist/task/index.js";
import { Reader, runAndKill } from "./children.mjs";
import { conclude, countOf, readArguments, Show, tally } from "./command.mjs";
import { Expected } from "./expected.mjs";
import {
  drawKill,
  drawKillOfOpening,
  drawLife,
  drawOptions,
  PATHS,
  pick,
  protocolNames,
} from "./setups.mjs";
import { verifyByCommand } from "./verify.mjs";

/** Kills that a directory goes through before there is a new one. */
const ROUNDS_A_LIFE = 12;

/** One directory and everything that was said about it. */
class Life {
  constructor(prng) {
    this.root = mkdtempSync(join(tmpdir(), "latchwork-kill-"));
    this.directory = join(this.root, "db");
    this.elsewhere = join(this.root, "elsewhere");
    this.expected = new Expected();
    this.number = 0;
    Object.assign(this, drawLife(prng));
    this.partitions = pick(prng, [1, 3]);
  }

  /** Makes the database that is not to be touched. */
  async begin() {
    mkdirSync(this.elsewhere);
    const bystander = await open(join(this.elsewhere, "db"), { pageSize: this.pageSize });
    await bystander.put("bystander", "untouched");
    await bystander.close();
    this.untouched = bytesOf(join(this.elsewhere, "db"));
  }

  /** What the writer is told of the directory. */
  told(path) {
    if (path === "absolute") return { directory: this.directory, cwd: this.elsewhere };
    const relative = { directory: "db", cwd: this.root };
    return path === "relative" ? relative : { ...relative, chdirTo: this.elsewhere };
  }

  end() {
    rmSync(this.root, { recursive: true });
  }
}

function bytesOf(path) {
  const names = readdirSync(path).toSorted();
  return JSON.stringify(names.map((name) => [name, readFileSync(join(path, name), "hex")]));
}

/** Kills once, and now and then again while the next process recovers; gives how often. */
async function killSome(life, path, options, prng, seed) {
  const { expected, load } = life;
  const order = {
    ...life.told(path),
    options: { ...options, pageSize: life.pageSize, partitions: life.partitions },
    seed,
    load,
  };
  const { fate, kill } = drawKill(prng);
  const first = { ...order, firstNumber: life.number, fate, isIdle: false };
  life.number = await runAndKill(first, kill, expected);
  const again = prng.below(2) === 0 ? 1 + prng.below(2) : 0;
  for (let i = 0; i < again; i++) {
    const next = drawKillOfOpening(prng);
    const idle = { ...order, firstNumber: life.number, fate: next.fate, isIdle: true };
    await runAndKill(idle, next.kill, expected);
  }
  return 1 + again;
}

/** What is wrong with the directory as it is now. */
async function problemsOf(life, options, reader) {
  const before = join(life.root, "before");
  rmSync(before, { recursive: true, force: true });
  cpSync(life.directory, before, { recursive: true });
  const answer = await reader.ask({ directory: life.directory, options });
  if (answer.crash !== undefined) return [answer.crash];
  const [fault] = answer.faults;
  if (fault !== undefined) return [`${fault.stage}: ${fault.code}: ${fault.stack}`];
  const problems = life.expected.settle(new Map(answer.entries));
  if (!answer.report.ok) problems.push(...answer.report.problems);
  if (bytesOf(join(life.elsewhere, "db")) !== life.untouched) {
    problems.push("another database was changed, which has the same path in another directory");
  }
  return [...problems, ...verifyByCommand(life.directory)];
}

async function run({ rounds, seed, protocol }, show) {
  const prng = createPrng(`kill ${seed}`);
  const protocols = protocolNames(protocol);
  const reader = new Reader();
  const outcome = { rounds: 0, kills: 0, acknowledged: 0, seed, problems: [] };
  const [byProtocol, byPolicy, byPath] = [{}, {}, {}];
  let life = null;
  while (outcome.rounds < rounds && outcome.problems.length === 0) {
    if (outcome.rounds % ROUNDS_A_LIFE === 0) {
      life?.end();
      life = new Life(prng);
      await life.begin();
    }
    const path = PATHS[outcome.rounds % PATHS.length];
    const options = drawOptions(prng, outcome.rounds, protocols);
    const before = life.expected.acknowledged;
    try {
      outcome.kills += await killSome(life, path, options, prng, `${seed}/${outcome.rounds}`);
      outcome.problems = await problemsOf(life, options, reader);
    } catch (error) {
      outcome.problems = [String(error)];
    }
    outcome.acknowledged += life.expected.acknowledged - before;
    outcome.rounds++;
    count(byProtocol, options.protocol);
    count(byPolicy, options.commitPolicy);
    count(byPath, path);
    if (outcome.problems.length > 0) outcome.kept = keep(life, options, outcome.problems);
    show.progress(
      `round ${outcome.rounds} of ${rounds}, ${countOf(outcome.kills, "kill")}, ` +
        countOf(outcome.acknowledged, "acknowledged write"),
    );
  }
  reader.close();
  if (outcome.problems.length === 0) life?.end();
  return { ...outcome, protocols: byProtocol, policies: byPolicy, paths: byPath };
}

function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Leaves the directory as the kill left it, `before`, with what should be in it. */
function keep({ root, expected, pageSize }, options, problems) {
  const text = JSON.stringify({ options, pageSize, problems, expected });
  writeFileSync(join(root, "expected.json"), text);
  return root;
}

const args = readArguments("test:kill", { rounds: 200 });
const show = new Show(args.json);
const outcome = await run(args, show);
show.end();
const lines = [
  `${countOf(outcome.rounds, "round")}, ${countOf(outcome.kills, "kill")}, ` +
    `${countOf(outcome.acknowledged, "acknowledged write")}, seed ${outcome.seed}`,
  `rounds by protocol: ${tally(outcome.protocols)}`,
  `rounds by policy: ${tally(outcome.policies)}`,
  `rounds by path: ${tally(outcome.paths)}`,
];
if (outcome.problems.length === 0) {
  lines.push("nothing lost, nothing half, nothing else; every check clean");
} else {
  const only = args.protocol === undefined ? "" : ` --protocol ${args.protocol}`;
  lines.push(
    ...outcome.problems.slice(0, 20),
    `kept: ${outcome.kept} (before: as the kill left it; db: after recovery)`,
    `again: npm run test:kill -- --rounds ${outcome.rounds} --seed ${outcome.seed}${only}`,
  );
}
conclude(outcome, args.json, lines);
