import {
  HttpConnection,
  type HttpReply,
  Latencies,
  type LatencyFigures,
  Pacer,
} from "../../src/stress/index.ts";
import { createPrng, type Prng } from "../../src/task/index.ts";
import { keyOf, valueOf } from "./keys.ts";
import type { TableKeys } from "./table-keys.ts";

/** How to drive a server. */
export interface Drive {
  readonly url: string;
  readonly tables: readonly TableKeys[];
  readonly connections: number;
  /** Requests a second that are asked for. */
  readonly rate: number;
  /** Which share of them are reads. */
  readonly reads: number;
  readonly seed: number;
}

/** What came of the requests of one part of the time. */
export interface PartFigures {
  readonly seconds: number;
  readonly reads: LatencyFigures;
  readonly writes: LatencyFigures;
  readonly all: LatencyFigures;
}

class Part {
  readonly #startedMs = performance.now();
  readonly #reads = new Latencies();
  readonly #writes = new Latencies();
  readonly #all = new Latencies();

  add(isRead: boolean, ms: number): void {
    (isRead ? this.#reads : this.#writes).add(ms);
    this.#all.add(ms);
  }

  figures(): PartFigures {
    return {
      seconds: (performance.now() - this.#startedMs) / 1000,
      reads: this.#reads.figures(),
      writes: this.#writes.figures(),
      all: this.#all.figures(),
    };
  }
}

const [OK, NO_CONTENT, TOO_MANY, SERVER_ERROR] = [200, 204, 429, 500];
const MS_A_SECOND = 1000;

/**
 * Asks a server over many connections, each with one request at a time, for so many requests a
 * second: reads of keys that were acknowledged, and puts of keys that are new.
 */
export class Driver {
  readonly #drive: Drive;
  readonly #pacer: Pacer;
  readonly #done: Promise<unknown>;
  #part = new Part();
  #isOver = false;
  readonly statuses = new Map<number, number>();
  /** Requests that broke off, and reads that found something else than was put. */
  broken = 0;
  wrong = 0;

  constructor(drive: Drive) {
    this.#drive = drive;
    this.#pacer = new Pacer(drive.rate);
    const clients = Array.from({ length: drive.connections }, (_, i) => this.#client(i));
    this.#done = Promise.all(clients);
  }

  /** Ends one part of the time and begins the next. */
  turnPage(): PartFigures {
    const figures = this.#part.figures();
    this.#part = new Part();
    return figures;
  }

  /** Draws no more, and resolves when all is answered. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  count(isWanted: (status: number) => boolean): number {
    const wanted = [...this.statuses].filter(([status]) => isWanted(status));
    return wanted.reduce((sum, [, count]) => sum + count, 0);
  }

  get serverErrors(): number {
    return this.count((status) => status >= SERVER_ERROR);
  }

  get refusals(): number {
    return this.count((status) => status === TOO_MANY);
  }

  async #client(number: number): Promise<void> {
    const { url, tables, reads, seed } = this.#drive;
    const prng = createPrng(`drive ${seed} ${number}`);
    const connection = new HttpConnection(url);
    while (!this.#isOver) {
      await this.#pacer.turn();
      const table = tables[prng.below(tables.length)];
      if (table === undefined) break;
      if (prng.next() < reads) await this.#read(connection, table, prng);
      else await this.#write(connection, table);
    }
    await connection.destroy();
  }

  async #read(connection: HttpConnection, table: TableKeys, prng: Prng): Promise<void> {
    const key = keyOf(table.drawAcknowledged(prng));
    const startedMs = performance.now();
    const reply = await connection.request({ method: "GET", path: table.path(key) });
    if (!(await this.#isDone(reply, OK, true, startedMs)) || reply.kind !== "answered") return;
    if (reply.body.toString("latin1") !== valueOf(key)) this.wrong++;
  }

  async #write(connection: HttpConnection, table: TableKeys): Promise<void> {
    const number = table.next();
    const key = keyOf(number);
    const startedMs = performance.now();
    const body = Buffer.from(valueOf(key), "latin1");
    const reply = await connection.request({ method: "PUT", path: table.path(key), body });
    if (await this.#isDone(reply, NO_CONTENT, false, startedMs)) table.acknowledge(number);
  }

  /** Counts a reply; waits where the server says so. */
  async #isDone(
    reply: HttpReply,
    right: number,
    isRead: boolean,
    startedMs: number,
  ): Promise<boolean> {
    if (reply.kind !== "answered") {
      this.broken++;
      return false;
    }
    const { status } = reply;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status === right) this.#part.add(isRead, performance.now() - startedMs);
    else if (status === TOO_MANY) await sleep(Number(reply.header("retry-after") ?? 1));
    else if (isRead) this.wrong++;
    return status === right;
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * MS_A_SECOND);
  });
}
