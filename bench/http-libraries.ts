/**
 * `npm run bench:http-libraries`: what a request costs the server under one HTTP library or
 * another, with the same handler: a value of 100 bytes is read from a map, or put into it.
 *
 * - `node:http`: no library.
 * - `fastify`: as its documentation has it: a parameter of the path, a parsed body, `reply.send`.
 * - `fastify, raw`: as src/server uses it: only its router; body and answer are Node's own.
 * - `hono`: over @hono/node-server, as its documentation has it.
 *
 * Each sample is the CPU time of the server's process, user and system, by the requests that it
 * answered, from 64 connections with one request on each. Libraries take turns; each is given as a
 * multiple of `node:http` in the same round.
 *
 *     npm run bench:http-libraries -- [--json] [--rounds=N] [--seconds=S] [--connections=N]
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { HttpConnection, type HttpRequest } from "../src/stress/index.ts";
import { Bench, ofSummary } from "./harness.ts";
import { LIBRARIES, type LibraryName, PATH } from "./http/libraries.ts";
import { acceptWords, numberOption } from "./options.ts";
import { Progress } from "./progress.ts";
import { summarize } from "./statistics.ts";

const CHILD = fileURLToPath(new URL("http/child.js", import.meta.url));
const USAGE = `npm run bench:http-libraries -- [--rounds=N] [--seconds=S] [--connections=N] [--json]`;
const words = process.argv.slice(2);
acceptWords(words, USAGE);
const rounds = numberOption(words, "rounds", 5);
const seconds = numberOption(words, "seconds", 2);
const connections = numberOption(words, "connections", 64);
const VALUE = Buffer.alloc(100, "v");
const REQUESTS: readonly (readonly [name: string, request: HttpRequest])[] = [
  ["get", { method: "GET", path: PATH }],
  ["put", { method: "PUT", path: PATH, body: VALUE }],
];

interface Told {
  readonly url?: string;
  readonly cpuUs?: number;
}

function told(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    child.once("message", (message) => resolve(message as Told));
  });
}

async function cpuUs(child: ChildProcess): Promise<number> {
  const answer = told(child);
  child.send("cpu");
  return (await answer).cpuUs ?? Number.NaN;
}

/** Asks over and over on every connection until the time is up; gives how many were answered. */
async function drive(url: string, request: HttpRequest, forSeconds: number): Promise<number> {
  const endMs = performance.now() + forSeconds * 1000;
  let answered = 0;
  const loop = async (): Promise<void> => {
    const connection = new HttpConnection(url);
    while (performance.now() < endMs) {
      const reply = await connection.request(request);
      if (reply.kind !== "answered" || reply.status >= 300) throw new Error("not answered");
      answered++;
    }
    await connection.destroy();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return answered;
}

const bench = new Bench("HTTP libraries, CPU time of the server", { seed: 1, repeats: rounds });
const samples = new Map<string, number[]>();
for (let round = 0; round < rounds; round++) {
  for (const library of Object.keys(LIBRARIES) as LibraryName[]) {
    Progress.say(`round ${round + 1} of ${rounds}: ${library}`);
    const child = fork(CHILD, [library], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const { url = "" } = await told(child);
    for (const [name, request] of [...REQUESTS].toReversed()) {
      await drive(url, request, seconds / 2);
      const before = await cpuUs(child);
      const answered = await drive(url, request, seconds);
      const sample = ((await cpuUs(child)) - before) / answered;
      const key = `${name}, ${library}`;
      samples.set(key, [...(samples.get(key) ?? []), sample]);
    }
    child.removeAllListeners("exit");
    child.kill();
  }
}
Progress.say("");
for (const [request] of REQUESTS) {
  const bare = samples.get(`${request}, node:http`) ?? [];
  bench.add({ name: `${request}, node:http`, ...ofSummary(summarize(bare), "us") });
  for (const library of Object.keys(LIBRARIES).filter((name) => name !== "node:http")) {
    const all = samples.get(`${request}, ${library}`) ?? [];
    // By the sample of the same round, since the machine's speed changes from round to round.
    const ratios = all.map((sample, round) => sample / (bare[round] ?? Number.NaN));
    bench.add({ name: `${request}, ${library}`, ...ofSummary(summarize(ratios), "x") });
  }
}
bench.finish();
