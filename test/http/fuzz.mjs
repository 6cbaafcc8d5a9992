// npm run fuzz:http -- [--requests N] [--seed S] [--only I] [--json]
//
// Sends `latchwork serve` mutated requests over raw sockets: methods, paths, encodings, lengths,
// chunks, headers, slow and cut off bodies, requests behind each other, connections half closed. It
// must answer what is whole, never with a status from 500 on, say nothing on standard error, keep no
// descriptor, and hold afterwards what it held before; and its answers must still be linearizable.
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHistory, kvMap, readHistory } from "../../dist/linearizability/index.js";
import { HttpConnection, parseMix, StressRun } from "../../dist/stress/index.js";
import { createPrng } from "../../dist/task/index.js";
import { conclude, countOf, readWords, Show, tally, wholeNumber } from "../kill/command.mjs";
import { drawExchange } from "./fuzz-requests.mjs";
import { exchangeRaw } from "./raw-exchange.mjs";
import { PATIENT, ServerChild } from "./server-child.mjs";

const TABLES = ["orders", "users", "events"];
const LANES = 48;
const SENTINELS = 60;
const PROBE_EVERY = 250;
const SERVER_ERROR = 500;
/** A reset may overtake the answer to a body that the server does not want. */
const BYTES_UNREAD = 16_384;
const PROBLEMS_MOST = 20;
const SHOWN = 400;
/** Half requests that are left alone until the server ends them, and how long it may take. */
const PATIENT_LANES = 16;
const PATIENCE_MS = 120_000;
const PATIENT_FROM = 10_000;
const CLOSED_WITHIN_MS = 15_000;
const POLL_MS = 50;
const MIX = "get=40,put=30,insert=10,delete=10,batch=5,scan=5";

class Fuzz {
  problems = [];
  statuses = {};
  sent = 0;
  answers = 0;
  /** Whole requests that got no answer, and had no right to one. */
  unanswered = 0;
  #server;
  #seed;
  #show;
  #number = 0;

  constructor(server, seed, show) {
    this.#server = server;
    this.#seed = seed;
    this.#show = show;
  }

  /** Writes what must be the same in the end. */
  async fill() {
    await this.#forSentinels(async (connection, path, body) => {
      const reply = await connection.request({ method: "PUT", path, body });
      if (reply.kind !== "answered" || reply.status !== 204) throw new Error(`${path}: not put`);
    });
  }

  async run(requests) {
    const lane = async () => {
      while (this.sent < requests && this.problems.length < PROBLEMS_MOST) await this.#one();
    };
    const patient = requests < PATIENT_FROM ? 0 : PATIENT_LANES;
    await Promise.all([
      ...Array.from({ length: LANES }, lane),
      ...Array.from({ length: patient }, (_, i) => this.#wait(i)),
    ]);
  }

  async #one() {
    const number = this.#number++;
    const exchange = this.draw(number);
    this.sent += exchange.count;
    if (exchange.bytes.length > 0) this.judge(number, exchange, await this.send(exchange));
    if (number % PROBE_EVERY === 0) await this.#probe(number);
    this.#show.progress(`${countOf(this.sent, "request")}, ${countOf(this.answers, "answer")}`);
  }

  draw(number) {
    return drawExchange(createPrng(`fuzz-http ${this.#seed} ${number}`));
  }

  send(exchange) {
    return exchangeRaw(this.#server.port, exchange);
  }

  /** What came back is looked at. */
  judge(number, exchange, answer) {
    const { how, statuses, isHttp } = answer;
    for (const status of statuses) this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.answers += statuses.length;
    const worst = statuses.find((status) => status >= SERVER_ERROR);
    if (worst !== undefined) this.#problem(number, exchange, `answers ${worst}`, answer);
    if (!isHttp) this.#problem(number, exchange, "answers what is no HTTP", answer);
    if (!this.#server.isAlive) this.#problem(number, exchange, "the server ended", answer);
    if (!exchange.isWhole || exchange.ending === "destroy") return;
    if (how === "time") this.#problem(number, exchange, "hangs", answer);
    if (statuses.length > 0 || how === "time") return;
    // Node closes a connection whose client closes its side before it is answered, and a refusal
    // that ends a connection may be overtaken by the reset, if there is more to read.
    const isRefused = exchange.named.length > 0 || exchange.bytes.length > BYTES_UNREAD;
    if (exchange.ending === "half-close" || isRefused) this.unanswered++;
    else this.#problem(number, exchange, `no answer: ${how}`, answer);
  }

  /** Half a request, and then nothing: the server has to end it. */
  async #wait(i) {
    const whole = this.draw(i);
    const bytes = whole.bytes.subarray(0, Math.max(1, Math.floor(whole.bytes.length / 2)));
    const half = { ...whole, bytes, isWhole: false, ending: "wait", pieces: 1 };
    const answer = await exchangeRaw(this.#server.port, half, PATIENCE_MS);
    if (answer.how === "time") this.#problem(i, half, "half a request is kept for ever", answer);
  }

  /** A right request of another connection. */
  async #probe(number) {
    const connection = new HttpConnection(this.#server.url);
    const reply = await connection.request({ method: "GET", path: "/health" });
    await connection.destroy();
    if (reply.kind === "answered" && reply.status === 200) return;
    this.problems.push(`after ${number} /health is not answered: ${reply.status ?? reply.error}`);
  }

  #problem(number, { bytes, named }, what, { text }) {
    const sent = JSON.stringify(bytes.subarray(0, SHOWN).toString("latin1"));
    const again = `--seed ${this.#seed} --only ${number}`;
    const got = JSON.stringify(text.slice(0, SHOWN));
    this.problems.push(`${what} (${again}; ${named.join(", ")}): ${sent} got ${got}`);
  }

  /** What is wrong with the server afterwards. */
  async afterwards() {
    await this.#forSentinels(async (connection, path, body) => {
      const reply = await connection.request({ method: "GET", path });
      const isSame = reply.kind === "answered" && reply.status === 200 && reply.body.equals(body);
      if (!isSame) this.problems.push(`${path} is not what it was`);
    });
    this.problems.push(...(await this.#heldLoad()));
    const pieces = [];
    const { url } = this.#server;
    const record = (text) => pieces.push(text);
    const run = new StressRun({
      url,
      keys: 10,
      requests: 600,
      seconds: 60,
      mix: parseMix(MIX),
      record,
    });
    const report = await run.run();
    const history = readHistory(pieces.join(""), { file: "afterwards" });
    const verdict = checkHistory(history, kvMap(), { scan: "per-key" });
    if (verdict.kind !== "linearizable") this.problems.push(`afterwards ${verdict.kind}`);
    this.problems.push(...report.problems);
  }

  /** What the server thinks is still under way, though nobody asks any more. */
  async #heldLoad() {
    const connection = new HttpConnection(this.#server.url);
    const reply = await connection.request({ method: "GET", path: "/stats" });
    await connection.destroy();
    if (reply.kind !== "answered" || reply.status !== 200) return ["/stats is not answered"];
    const { inFlight, scans, inFlightBytes } = JSON.parse(reply.body.toString());
    // The question itself is under way.
    if (inFlight <= 1 && scans === 0 && inFlightBytes === 0) return [];
    return [`load is held: ${inFlight} requests, ${scans} scans, ${inFlightBytes} bytes`];
  }

  async #forSentinels(act) {
    const connection = new HttpConnection(this.#server.url);
    for (let i = 0; i < SENTINELS; i++) {
      const table = TABLES[i % TABLES.length];
      const path = `/tables/${table}/keys/sentinel-%00%ff${i}-0f1e2d3c4b5a`;
      await act(connection, path, Buffer.from(`kept ${i} \0\xff`.repeat(i), "latin1"));
    }
    await connection.destroy();
  }
}

/** Sockets that a process has open; null where the system does not say. */
function socketsOf(pid) {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "";
      }
    });
    return links.filter((link) => link.startsWith("socket:")).length;
  } catch {
    return null;
  }
}

/** Waits until no more sockets are open than before; gives how many are. */
async function socketsLeft(pid, before) {
  let left = socketsOf(pid);
  for (let ms = 0; ms < CLOSED_WITHIN_MS && left > before; ms += POLL_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
    left = socketsOf(pid);
  }
  return left;
}

async function fuzz({ requests, seed, only }, show) {
  const root = mkdtempSync(join(tmpdir(), "latchwork-fuzz-http-"));
  const directory = join(root, "db");
  const server = await ServerChild.start({ directory, tables: TABLES, more: PATIENT });
  const run = new Fuzz(server, seed, show);
  const idle = socketsOf(server.pid);
  await run.fill();
  const before = { sockets: await socketsLeft(server.pid, idle), files: server.openFiles() };
  const memoryBefore = server.residentBytes();
  if (only === undefined) await run.run(requests);
  else await run.run(0).then(() => showOne(run, only));
  const after = {
    sockets: await socketsLeft(server.pid, before.sockets),
    files: server.openFiles(),
  };
  const memoryAfter = server.residentBytes();
  if (after.sockets > before.sockets || after.files > before.files) {
    run.problems.push(`descriptors leak: ${JSON.stringify(before)}, then ${JSON.stringify(after)}`);
  }
  if (server.isAlive) await run.afterwards();
  run.problems.push(...(await server.stop()));
  if (run.problems.length === 0) rmSync(root, { recursive: true });
  const { sent, answers, statuses, unanswered, problems } = run;
  const memory = { before: memoryBefore, after: memoryAfter };
  return { requests: sent, answers, statuses, unanswered, before, after, memory, seed, problems };
}

async function showOne(run, number) {
  const exchange = run.draw(number);
  const answer = await run.send(exchange);
  console.error({ ...exchange, bytes: exchange.bytes.toString("latin1") }, answer);
  run.judge(number, exchange, answer);
}

function readArguments() {
  const usage = "npm run fuzz:http -- [--requests N] [--seed S] [--only I] [--json]";
  const { values } = readWords(usage, {
    options: {
      requests: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return { ...values, requests: wholeNumber("--requests", values.requests) };
}

const args = readArguments();
const show = new Show(args.json);
const outcome = await fuzz(args, show);
show.end();
const megabytes = (bytes) => (bytes === null ? "?" : Math.round(bytes / 2 ** 20));
const lines = [
  `${countOf(outcome.requests, "request")}, ${countOf(outcome.answers, "answer")}, ` +
    `seed ${outcome.seed}`,
  `statuses: ${tally(outcome.statuses)}`,
  `sockets ${outcome.before.sockets}, then ${outcome.after.sockets}; ` +
    `descriptors ${outcome.before.files}, then ${outcome.after.files}; ` +
    `memory ${megabytes(outcome.memory.before)} MB, then ${megabytes(outcome.memory.after)}`,
];
if (outcome.problems.length === 0) {
  lines.push("no crash, no hang, no answer from 500 on, no leak; right afterwards");
} else lines.push(...outcome.problems.slice(0, PROBLEMS_MOST));
conclude(outcome, args.json, lines);
