// npm run test:kill-http -- [RUNS] [--seed S] [--json]
//
// Kills `latchwork serve` with SIGKILL under many clients, again and again: at any moment, and while
// it recovers from the kill before. Each time another process serves the same directory at the same
// port, and the clients go on. Nothing that was acknowledged may be lost, batches are whole, and
// all that clients were answered, before and after the kills, must be linearizable.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMix, PossibleValues, StressRun } from "../../dist/stress/index.js";
import { createPrng } from "../../dist/task/index.js";
import { conclude, countOf, readWords, Show, tally, wholeNumber } from "../kill/command.mjs";
import { verifyByCommand } from "../kill/verify.mjs";
import { BatchWitness } from "./batch-witness.mjs";
import { Recording } from "./recording.mjs";
import { PATIENT, ServerChild } from "./server-child.mjs";

/** Runs that a directory goes through before there is a new one. */
const RUNS_A_LIFE = 5;
const TABLES = ["orders", "users", "events"];
const MIX = "get=40,put=30,insert=10,delete=10,batch=7,scan=3";
const POLICIES = ["adaptive", "each", "immediate-when-alone", "window:1"];
const KILLS_MOST = 3;
/** Most answers between two kills, and how long they are waited for: a server may be killed idle. */
const LONGEST_LIFE_ANSWERS = 1_500;
const LONGEST_LIFE_MS = 5_000;
const POLL_MS = 2;
/** A process needs about this to load, so kills fall before, in and after its recovery. */
const LONGEST_OPENING_MS = 700;
const WITNESSES = 2;
const CLIENTS = 12;
const KEYS = 15;

/** One directory, and everything that was acknowledged of it. */
class Life {
  possible = new PossibleValues();
  port = 0;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "latchwork-kill-http-"));
    this.directory = join(this.root, "db");
    this.witnesses = null;
  }

  async serve(more) {
    const { directory, port } = this;
    const server = await ServerChild.start({ directory, tables: TABLES, port, more });
    this.port = server.port;
    return server;
  }

  /** Starts one and kills it on the way, so often. */
  async killOpenings(times, prng, more) {
    for (let i = 0; i < times; i++) {
      const { directory, port } = this;
      const server = ServerChild.begin({ directory, tables: TABLES, port, more });
      await sleep(prng.below(LONGEST_OPENING_MS));
      await server.end("SIGKILL");
    }
  }

  /** What `latchwork verify` finds wrong. */
  verify() {
    return verifyByCommand(this.directory);
  }

  end() {
    rmSync(this.root, { recursive: true });
  }
}

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** One run: clients, and kills among them. */
class Run {
  kills = 0;
  problems = [];
  #life;
  #prng;
  #more;
  #server = null;
  #isOver = false;

  constructor(life, prng) {
    this.#life = life;
    this.#prng = prng;
    this.policy = POLICIES[prng.below(POLICIES.length)];
    this.#more = ["--commit-policy", this.policy, ...PATIENT];
  }

  async go(seed) {
    const life = this.#life;
    this.#server = await life.serve(this.#more);
    const { url } = this.#server;
    life.witnesses ??= Array.from(
      { length: WITNESSES },
      (_, i) => new BatchWitness(url, "users", i),
    );
    const recording = new Recording(join(life.root, "history.jsonl"));
    const stress = new StressRun({
      url,
      tables: TABLES,
      keys: KEYS,
      clients: CLIENTS,
      seconds: 600,
      mix: parseMix(MIX),
      seed,
      record: recording.write,
      possible: life.possible,
    });
    const running = stress.run().finally(() => {
      this.#isOver = true;
    });
    await this.#killSome(stress);
    stress.finish();
    const report = await running;
    this.answered = report.answered;
    this.problems.push(...report.problems, ...(await this.#server.stop()));
    this.problems.push(...(await recording.check()), ...life.verify());
  }

  async #killSome(stress) {
    const prng = this.#prng;
    const kills = 1 + prng.below(KILLS_MOST);
    for (let i = 0; i < kills && !this.#isOver && this.problems.length === 0; i++) {
      for (const witness of this.#life.witnesses) witness.start();
      await this.#live(stress);
      await this.#kill(stress);
    }
    await this.#live(stress);
  }

  /** Lets the server answer as often as is drawn: time would mean little on a busy machine. */
  async #live(stress) {
    const enough = stress.answered + this.#prng.below(LONGEST_LIFE_ANSWERS);
    for (let ms = 0; ms < LONGEST_LIFE_MS && stress.answered < enough; ms += POLL_MS) {
      await sleep(POLL_MS);
    }
  }

  async #kill(stress) {
    const { witnesses } = this.#life;
    stress.beginCrash();
    const { signal } = await this.#server.end("SIGKILL");
    if (signal !== "SIGKILL")
      this.problems.push(`the server ended by itself: ${this.#server.errors}`);
    await Promise.all([stress.endCrash(), ...witnesses.map((witness) => witness.stop())]);
    const openings = this.#prng.below(2) * (1 + this.#prng.below(2));
    await this.#life.killOpenings(openings, this.#prng, this.#more);
    this.#server = await this.#life.serve(this.#more);
    this.kills += 1 + openings;
    for (const witness of witnesses) this.problems.push(...(await witness.problems()));
    stress.resume();
  }
}

async function killRuns({ runs, seed }, show) {
  const prng = createPrng(`kill-http ${seed}`);
  const outcome = { runs: 0, kills: 0, answered: 0, batches: 0, seed, problems: [] };
  const policies = {};
  let life = null;
  while (outcome.runs < runs && outcome.problems.length === 0) {
    if (outcome.runs % RUNS_A_LIFE === 0) {
      life?.end();
      life = new Life();
    }
    const run = new Run(life, prng);
    try {
      await run.go(`${seed}/${outcome.runs}`);
    } catch (error) {
      run.problems.push(error.stack);
    }
    outcome.runs++;
    outcome.kills += run.kills;
    outcome.answered += run.answered ?? 0;
    outcome.batches = (life.witnesses ?? []).reduce((sum, one) => sum + one.acknowledged, 0);
    outcome.problems = run.problems;
    policies[run.policy] = (policies[run.policy] ?? 0) + 1;
    show.progress(
      `run ${outcome.runs} of ${runs}, ${countOf(outcome.kills, "kill")}, ` +
        countOf(outcome.answered, "answer"),
    );
  }
  if (outcome.problems.length === 0) life.end();
  else outcome.kept = life.root;
  return { ...outcome, policies };
}

function readArguments() {
  const { values, positionals } = readWords(
    "npm run test:kill-http -- [RUNS] [--seed S] [--json]",
    {
      allowPositionals: true,
      options: {
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
      },
    },
  );
  const [runs = "20"] = positionals;
  return { ...values, runs: wholeNumber("RUNS", runs) };
}

const args = readArguments();
const show = new Show(args.json);
const outcome = await killRuns(args, show);
show.end();
const lines = [
  `${countOf(outcome.runs, "run")}, ${countOf(outcome.kills, "kill")}, ` +
    `${countOf(outcome.answered, "answer")}, seed ${outcome.seed}`,
  `runs by policy: ${tally(outcome.policies)}`,
];
if (outcome.problems.length === 0) {
  lines.push("nothing lost, no half batch; every history linearizable, every directory sound");
} else {
  const again = `npm run test:kill-http -- ${outcome.runs} --seed ${outcome.seed}`;
  lines.push(...outcome.problems.slice(0, 20), `kept: ${outcome.kept}`, `again: ${again}`);
}
conclude(outcome, args.json, lines);
