import { type Engine, openEngine } from "../../src/engine/index.ts";
import { type Checksum, type MemoryDisk, pageId } from "../../src/storage/index.ts";
import {
  createPrng,
  type Prng,
  runToCompletion,
  type Session,
  type Task,
  taskId,
} from "../../src/task/index.ts";
import { PAGES_FILE, policyNamed } from "../../src/wal/index.ts";
import { type Cell, type Figures, SCAN_ROWS } from "./cell.ts";
import type { Work } from "./client.ts";
import { keyOf, keySource, type KeySource, VALUE_BYTES } from "./keys.ts";
import { shuffle } from "./database.ts";
import { ManyCores } from "./many-cores.ts";
import { PricedLog, PricedPool } from "./priced-parts.ts";
import { TimedDisk } from "./timed-disk.ts";
import { rivalNamed } from "./rivals.ts";

/** What a run begins with. */
export interface Grown {
  readonly files: MemoryDisk;
  readonly keys: number;
  readonly pageSize: number;
  readonly checksum: Checksum;
}

const MEASURED_FROM = 8;
const NS_A_SECOND = 1_000_000_000;
const CLEANER_MS = 0.2;
const SPARE_FRAMES = 4096;
const FEWEST_FRAMES = 16;

const value = new Uint8Array(VALUE_BYTES).fill(8);

/** Runs the engine on simulated cores until so many operations are over. */
export function runCell(cell: Cell, grown: Grown): Figures {
  return new CellRun(cell, grown).run();
}

/** What the engine itself counts. */
interface EngineCounts {
  readonly movesRight: number;
  readonly poolMisses: number;
}

class CellRun {
  readonly #cell: Cell;
  readonly #cores: ManyCores;
  readonly #disk: TimedDisk;
  readonly #engine: Engine;
  readonly #keys: KeySource;
  readonly #clients: number;
  readonly #pages: number;
  readonly #latenciesNs: number[] = [];
  #done = 0;
  #beganNs = 0;
  #endedNs = 0;

  constructor(cell: Cell, grown: Grown) {
    const { files, keys, checksum } = grown;
    this.#cell = cell;
    this.#pages = pagesOf(grown);
    this.#clients = cell.cores * cell.clientsACore;
    this.#cores = new ManyCores(cell.cores, cell.costs);
    const { readNs, syncNs } = cell.costs;
    const times = { readNs, syncNs: syncNs ?? 0 };
    this.#disk = new TimedDisk(files.clone(), this.#cores, times);
    this.#keys = keySource(cell.keys, keys, this.#clients);
    this.#engine = this.#open(checksum);
  }

  run(): Figures {
    const { operations } = this.#cell;
    this.#warm(this.#pages);
    this.#disk.start();
    for (let at = 0; at < this.#clients; at++) {
      const session = this.#engine.borrow(taskId(at));
      this.#cores.add(new ClientWork(this, session, at));
    }
    if (this.#cell.poolShare < 100) this.#cores.add(new Cleaning(this.#cleaning()));
    const before = this.#counts();
    this.#cores.run(() => this.#done >= operations);
    return this.#figures(before);
  }

  get isOver(): boolean {
    return this.#done >= this.#cell.operations;
  }

  /** The next operation of a client. */
  operationOf(session: Session, client: number, prng: Prng): Task<unknown> {
    const { mix } = this.#cell;
    if (prng.below(100) >= mix.reads) {
      return this.#engine.put(session, keyOf(this.#keys.toPut(client)), value);
    }
    const key = keyOf(this.#keys.toRead(client));
    if (!mix.isScan) return this.#engine.get(session, key);
    const range = { start: key, limit: SCAN_ROWS };
    return this.#engine.scan(session, range, { row: () => this.#cores.sawRow() });
  }

  ended(beganNs: number, atNs: number): void {
    this.#done++;
    const first = Math.floor(this.#cell.operations / MEASURED_FROM);
    if (this.#done === first) this.#beganNs = atNs;
    if (this.#done > first) this.#latenciesNs.push(atNs - beganNs);
    this.#endedNs = atNs;
  }

  #open(checksum: Checksum): Engine {
    const { protocol, poolShare } = this.#cell;
    const share = Math.max(FEWEST_FRAMES, Math.floor((this.#pages * poolShare) / 100));
    const doWait = this.#cell.costs.syncNs !== null;
    return runToCompletion(
      openEngine({
        disk: this.#disk,
        host: this.#cores,
        latches: this.#cores,
        protocol: rivalNamed(protocol),
        policy: policyNamed("adaptive"),
        poolFrames: poolShare === 100 ? this.#pages + SPARE_FRAMES : share,
        checksum,
        parts: {
          makePool: (options) => new PricedPool(this.#cores, options),
          makeLog: (parts) => new PricedLog(this.#cores, doWait, parts),
        },
      }),
    );
  }

  /** Brings pages into the pool, in random order, until all are there or it is full. */
  #warm(pages: number): void {
    const { pool } = this.#engine.state;
    const ids = Array.from({ length: pages }, (_, id) => id);
    shuffle(ids);
    for (const id of ids) {
      if (pool.stats().resident >= pool.framesMax) return;
      const page = pageId(id);
      if (pool.isResident(page)) continue;
      pool.fetch(page).take(taskId(0));
    }
  }

  /** Cleans pages, as the background of a database does. */
  *#cleaning(): Task<void> {
    const session = this.#engine.borrow(taskId(this.#clients));
    while (!this.isOver) {
      while (this.#engine.wantsCleaning) {
        if (!(yield* this.#engine.cleanOne(session))) break;
      }
      yield this.#cores.sleep(CLEANER_MS);
    }
  }

  #counts(): EngineCounts {
    const { links, pool } = this.#engine.stats();
    return { movesRight: links?.movesRight ?? 0, poolMisses: pool.misses };
  }

  #figures(before: EngineCounts): Figures {
    const { counts, transfers } = this.#cores;
    const after = this.#counts();
    const latenciesNs = this.#latenciesNs.toSorted((a, b) => a - b);
    const measuredNs = this.#endedNs - this.#beganNs;
    const ofThousand = (count: number): number => Math.round((count * 1000) / this.#done);
    return {
      operationsPerSecond: Math.round((latenciesNs.length * NS_A_SECOND) / measuredNs),
      p50Ns: rank(latenciesNs, 50),
      p99Ns: rank(latenciesNs, 99),
      waits: ofThousand(counts.latchWaits),
      restarts: ofThousand(counts.restarts),
      movesRight: ofThousand(after.movesRight - before.movesRight),
      refusals: ofThousand(counts.refusals),
      transfers: ofThousand(transfers),
      latches: ofThousand(counts.latches),
      waitNs: Math.round(counts.latchWaitNs / this.#done),
      heldMost: counts.heldMost,
      poolMisses: ofThousand(after.poolMisses - before.poolMisses),
    };
  }
}

/** The nearest rank. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

function pagesOf({ files, pageSize }: Grown): number {
  return Math.ceil((files.files.get(PAGES_FILE)?.size ?? 0) / pageSize);
}

/** One operation after the other. */
class ClientWork implements Work {
  readonly isCounted = true;
  readonly #run: CellRun;
  readonly #session: Session;
  readonly #client: number;
  readonly #prng: Prng;
  #beganNs = 0;

  constructor(run: CellRun, session: Session, client: number) {
    this.#run = run;
    this.#session = session;
    this.#client = client;
    this.#prng = createPrng(`client ${client}`);
  }

  next(atNs: number): Task<unknown> | null {
    if (this.#run.isOver) return null;
    this.#beganNs = atNs;
    return this.#run.operationOf(this.#session, this.#client, this.#prng);
  }

  ended(atNs: number): void {
    this.#run.ended(this.#beganNs, atNs);
  }
}

/** One task that is no operation. */
class Cleaning implements Work {
  readonly isCounted = false;
  #task: Task<void> | null;

  constructor(task: Task<void>) {
    this.#task = task;
  }

  next(): Task<void> | null {
    const task = this.#task;
    this.#task = null;
    return task;
  }

  ended(): void {}
}
