// npm run soak:http -- [--minutes M] [--rate R] [--seed S] [--json]
//
// Keeps two servers under mixed load for so long. One is never stopped: its memory has to stay flat.
// The other one is killed with SIGKILL every minute or so, and now and then stopped as it should be.
// Checkpoints come by themselves. Each minute of each is a history of its own that must be
// linearizable, and begins with what acknowledged writes of the one before allow; files that are
// right are removed. Ends with the trend of memory, by regression over what comes after the warm-up.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMix, PossibleValues, StressRun } from "../../dist/stress/index.js";
import { createPrng } from "../../dist/task/index.js";
import { conclude, countOf, readWords, refuse, Show, tally } from "../kill/command.mjs";
import { verifyByCommand } from "../kill/verify.mjs";
import { Recording } from "./recording.mjs";
import { PATIENT, ServerChild } from "./server-child.mjs";
import { memoryTrend } from "./trend.mjs";

const TABLES = ["orders", "users", "events"];
const MIX = "get=48,put=30,insert=8,delete=8,batch=4,scan=2";
const KEYS = 500;
const CLIENTS = 24;
const SEGMENT_SECONDS = 60;
const SAMPLE_MS = 2_000;
/** More than that share over the time looked at is no longer flat. */
const GROWTH_MOST = 0.1;
/** Of so many segments one ends with a stop and a new start. */
const STOP_EVERY = 4;

const sleep = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** One server, its clients and its histories. */
class Soak {
  problems = [];
  samples = [];
  kills = 0;
  stops = 0;
  segments = 0;
  answered = 0;
  statuses = {};
  #name;
  #isKilled;
  #prng;
  #rate;
  #directory;
  #root;
  #server = null;
  #port = 0;
  #startedMs = performance.now();
  #possible = new PossibleValues();
  #checks = Promise.resolve();

  constructor(name, isKilled, root, { seed, rate }) {
    this.#name = name;
    this.#isKilled = isKilled;
    this.#prng = createPrng(`soak ${seed} ${name}`);
    this.#rate = rate;
    this.#root = root;
    this.#directory = join(root, name);
  }

  /** Runs segments until it is over. */
  async run(minutes) {
    await this.#serve();
    const isDone = { value: false };
    const sampling = this.#sample(isDone);
    const endMs = this.#startedMs + minutes * 60_000;
    while (performance.now() < endMs && this.problems.length === 0) {
      const left = (endMs - performance.now()) / 1000;
      await this.#segment(Math.max(1, Math.min(SEGMENT_SECONDS, left)));
    }
    await this.#checks;
    isDone.value = true;
    await sampling;
    this.problems.push(...(await this.#server.stop()), ...this.#verify());
  }

  async #serve() {
    const served = { directory: this.#directory, tables: TABLES, port: this.#port, more: PATIENT };
    this.#server = await ServerChild.start(served);
    this.#port = this.#server.port;
  }

  async #segment(seconds) {
    const number = this.segments++;
    const path = join(this.#root, `${this.#name}-${number}.jsonl`);
    const recording = new Recording(path);
    const stress = new StressRun({
      url: this.#server.url,
      tables: TABLES,
      keys: KEYS,
      clients: CLIENTS,
      seconds,
      rate: this.#rate,
      mix: parseMix(MIX),
      seed: `${this.#name} ${number}`,
      record: recording.write,
      possible: this.#possible,
    });
    const running = stress.run();
    if (this.#isKilled) await this.#kill(stress, (seconds * 1000 * this.#prng.below(80)) / 100);
    const report = await running;
    this.answered += report.answered;
    for (const [status, count] of Object.entries(report.statuses)) {
      this.statuses[status] = (this.statuses[status] ?? 0) + count;
    }
    this.problems.push(...report.problems.map((problem) => `${this.#name} ${number}: ${problem}`));
    // One at a time, while the next minute is recorded.
    this.#checks = this.#checkAfter(this.#checks, recording);
    if (this.#isKilled && number % STOP_EVERY === STOP_EVERY - 1) await this.#restart();
  }

  async #checkAfter(before, recording) {
    await before;
    this.problems.push(...(await recording.check()));
  }

  async #kill(stress, afterMs) {
    await sleep(afterMs);
    stress.beginCrash();
    const { signal } = await this.#server.end("SIGKILL");
    if (signal !== "SIGKILL") this.problems.push(`it ended by itself: ${this.#server.errors}`);
    await stress.endCrash();
    await this.#serve();
    stress.resume();
    this.kills++;
  }

  async #restart() {
    this.problems.push(...(await this.#server.stop()), ...this.#verify());
    await this.#serve();
    this.stops++;
  }

  #verify() {
    return verifyByCommand(this.#directory);
  }

  async #sample(isDone) {
    while (!isDone.value) {
      const bytes = this.#server.residentBytes();
      const seconds = (performance.now() - this.#startedMs) / 1000;
      if (bytes !== null && !this.#isKilled) this.samples.push([seconds, bytes]);
      await sleep(SAMPLE_MS);
    }
  }
}

async function soak({ minutes, rate, seed }, show) {
  const root = mkdtempSync(join(tmpdir(), "latchwork-soak-http-"));
  const options = { seed, rate: rate / 2 };
  const [steady, killed] = [
    new Soak("steady", false, root, options),
    new Soak("killed", true, root, options),
  ];
  const both = [steady, killed];
  const sum = (of) => both.reduce((total, one) => total + of(one), 0);
  const timer = setInterval(() => {
    const done = sum((one) => one.answered);
    show.progress(`${countOf(done, "answer")}, ${countOf(killed.kills, "kill")}`);
  }, SAMPLE_MS);
  try {
    await Promise.all(both.map((one) => one.run(minutes)));
  } catch (error) {
    steady.problems.push(error.stack);
  } finally {
    clearInterval(timer);
  }
  const problems = both.flatMap((one) => one.problems);
  const memory = memoryTrend(steady.samples);
  if (memory !== null && memory.growth > GROWTH_MOST) {
    problems.push(`memory grows by ${Math.round(memory.growth * 100)} % after the warm-up`);
  }
  if (problems.length === 0) rmSync(root, { recursive: true });
  const statuses = { ...steady.statuses };
  for (const [status, count] of Object.entries(killed.statuses)) {
    statuses[status] = (statuses[status] ?? 0) + count;
  }
  return {
    minutes,
    answered: sum((one) => one.answered),
    segments: sum((one) => one.segments),
    kills: killed.kills,
    stops: killed.stops,
    statuses,
    memory,
    samples: steady.samples.length,
    seed,
    problems,
    kept: problems.length === 0 ? null : root,
  };
}

function readArguments() {
  const { values } = readWords(
    "npm run soak:http -- [--minutes M] [--rate R] [--seed S] [--json]",
    {
      options: {
        minutes: { type: "string", default: "60" },
        rate: { type: "string", default: "2000" },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
      },
    },
  );
  const [minutes, rate] = [values.minutes, values.rate].map((text) => {
    const number = Number(text);
    if (number > 0) return number;
    return refuse(`--minutes and --rate must be above 0, not ${JSON.stringify(text)}`);
  });
  return { ...values, minutes, rate };
}

const args = readArguments();
const show = new Show(args.json);
const outcome = await soak(args, show);
show.end();
const { memory } = outcome;
const lines = [
  `${outcome.minutes} minutes, ${countOf(outcome.answered, "answer")}, ` +
    `${countOf(outcome.kills, "kill")}, ${countOf(outcome.stops, "stop")}, seed ${outcome.seed}`,
  `statuses: ${tally(outcome.statuses)}`,
];
if (memory !== null) {
  lines.push(
    `memory after the warm-up: ${memory.meanMb.toFixed(1)} MB on average, ` +
      `${memory.mbAnHour.toFixed(1)} MB an hour (standard error ${memory.errorMbAnHour.toFixed(1)}), ` +
      `${(memory.growth * 100).toFixed(1)} % in all, ${countOf(outcome.samples, "sample")}`,
  );
}
if (outcome.problems.length === 0) {
  lines.push(`nothing lost; each of ${outcome.segments} histories is linearizable; files sound`);
} else lines.push(...outcome.problems.slice(0, 20), `kept: ${outcome.kept}`);
conclude(outcome, args.json, lines);
