/**
 * `npm run bench:http-clients`: what a request costs the client: undici as `latchwork stress` uses
 * it, autocannon, and Node's own `http`, each with so many connections and one request on each,
 * against a server of another process that answers every request with the same bytes.
 *
 *     npm run bench:http-clients -- [--json] [--rounds=N] [--seconds=S] [--connections=N]
 */
import { type ChildProcess, fork } from "node:child_process";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { HttpConnection } from "../src/stress/index.ts";
import { Bench, ofSummary } from "./harness.ts";
import { acceptWords, numberOption } from "./options.ts";
import { loadPeer } from "./peer.ts";
import { Progress } from "./progress.ts";
import { summarize } from "./statistics.ts";

const SEED = 1;
const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = 64;
const PATH = "/tables/orders/keys/k00000000";
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n${".".repeat(100)}`;
const HEAD_END = "\r\n\r\n";

/** Makes requests for so long, over so many connections, and gives how many. */
type Run = (url: string, connections: number, seconds: number) => Promise<number>;

/** Runs one loop of requests on each connection. */
async function loops(
  connections: number,
  seconds: number,
  client: (n: number) => () => Promise<unknown>,
): Promise<number> {
  const endMs = performance.now() + seconds * 1000;
  let requests = 0;
  const loop = async (number: number): Promise<void> => {
    const next = client(number);
    while (performance.now() < endMs) {
      await next();
      requests++;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, i) => loop(i)));
  return requests;
}

interface Autocannon {
  (options: Readonly<Record<string, unknown>>): Promise<{ readonly requests: { total: number } }>;
}

const CLIENTS: readonly (readonly [name: string, run: Run])[] = [
  [
    "undici",
    async (url, connections, seconds) => {
      const all = Array.from({ length: connections }, () => new HttpConnection(url));
      const requests = await loops(connections, seconds, (number) => async () => {
        await all[number]?.request({ method: "GET", path: PATH });
      });
      await Promise.all(all.map((connection) => connection.destroy()));
      return requests;
    },
  ],
  [
    "autocannon",
    async (url, connections, duration) => {
      const autocannon = loadPeer("autocannon") as Autocannon;
      const result = await autocannon({ url: `${url}${PATH}`, connections, duration });
      return result.requests.total;
    },
  ],
  [
    "node:http",
    async (url, connections, seconds) => {
      const agent = new Agent({ keepAlive: true, maxSockets: connections });
      const requests = await loops(connections, seconds, () => () => ask(url, agent));
      agent.destroy();
      return requests;
    },
  ],
];

function ask(url: string, agent: Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${PATH}`, { agent }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve(parts));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Answers whatever ends a head, in the process that was forked for it. */
function answerAll(): void {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      for (const _ of data.toString("latin1").split(HEAD_END).slice(1)) socket.write(ANSWER);
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
}

const USAGE = `npm run bench:http-clients -- [--rounds=N] [--seconds=S] [--connections=N] [--json]`;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  const rounds = numberOption(words, "rounds", ROUNDS);
  const seconds = numberOption(words, "seconds", SECONDS);
  const connections = numberOption(words, "connections", CONNECTIONS);
  const server = fork(import.meta.filename, ["serve"]);
  const url = `http://127.0.0.1:${await portOf(server)}`;
  const bench = new Bench("what a request costs an HTTP client", { seed: SEED, repeats: rounds });
  const progress = new Progress(rounds * CLIENTS.length, "samples");
  const samples = CLIENTS.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, [name, run]] of CLIENTS.entries()) {
      const before = process.cpuUsage();
      const requests = await run(url, connections, seconds);
      const { user, system } = process.cpuUsage(before);
      samples[i]?.push((user + system) / requests);
      progress.step(name);
    }
  }
  server.kill();
  for (const [i, [name]] of CLIENTS.entries()) {
    bench.add({ name: `${name}, a request`, ...ofSummary(summarize(samples[i] ?? []), "us") });
  }
  bench.finish(words);
}

function portOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    server.once("message", (address) => resolve((address as { readonly port: number }).port));
  });
}

if (process.argv[2] === "serve") answerAll();
else await main(process.argv.slice(2));
