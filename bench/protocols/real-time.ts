import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventLoop, FileDisk, nodeChecksum, openDirectory } from "../../src/drivers/index.ts";
import { type Engine, type EngineOptions, openEngine } from "../../src/engine/index.ts";
import type { MemoryDisk } from "../../src/storage/index.ts";
import { createPrng, type Disk, type Prng, type Session, type Task } from "../../src/task/index.ts";
import { PAGES_FILE, policyNamed } from "../../src/wal/index.ts";
import { type Mix, MIXES, SCAN_ROWS } from "./cell.ts";
import { grownDatabase } from "./database.ts";
import { firstKeys, keyOf, keySource, VALUE_BYTES } from "./keys.ts";
import { TREE } from "./studies.ts";
import { rivalNamed } from "./rivals.ts";

/** What is measured in real time. */
export interface Load {
  readonly name: string;
  readonly mix: Mix;
  /** Real files, with real syncs; else memory. */
  readonly isOnFiles: boolean;
  readonly poolShare: number;
  readonly operations: number;
}

/** What one sample came to. */
export interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Operations under way at once, on the one thread that there is. */
export const IN_FLIGHT = 64;
const OPERATIONS = 6000;
const FEWER = 2000;
const SPARE_FRAMES = 4096;
const CLEANER_MS = 1;
/** Every page holds one of so many keys. */
const WARMED_EVERY = 32;

/** What is measured, in order. */
export const LOADS: readonly Load[] = [
  ...MIXES.map((mix) => loadOf(`${mix.name}, in memory`, mix, false, 100)),
  ...MIXES.filter(({ name }) => name === "95/5" || name === "50/50").flatMap((mix) => [
    loadOf(`${mix.name}, files`, mix, true, 100),
    loadOf(`${mix.name}, files, a pool of half the pages`, mix, true, 50),
  ]),
];

function loadOf(name: string, mix: Mix, isOnFiles: boolean, poolShare: number): Load {
  const operations = isOnFiles || mix.isScan ? FEWER : OPERATIONS;
  return { name, mix, isOnFiles, poolShare, operations };
}

const value = new Uint8Array(VALUE_BYTES).fill(9);

/** Takes samples on Node's event loop, each with a database of its own that begins the same. */
export class RealTime {
  readonly #files: MemoryDisk = grownDatabase(TREE, nodeChecksum);
  readonly #folder = mkdtempSync(join(tmpdir(), "latchwork-protocols-"));
  #made = 0;

  /** Removes what was written. */
  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async sample(protocol: string, load: Load): Promise<Sample> {
    const loop = new EventLoop();
    const place = join(this.#folder, String(this.#made++));
    if (load.isOnFiles) this.#write(place);
    const directory = load.isOnFiles ? openDirectory(place) : null;
    const disk = directory === null ? this.#files.clone() : new FileDisk(directory, loop);
    const engine = await loop.run(openEngine(this.#options(protocol, load, disk, loop)));
    await loop.run(warm(engine));
    // What was left by the sample before is not collected in the midst of this one.
    globalThis.gc?.();
    const sample = await new Drive(engine, loop, load).run();
    await loop.run(engine.close(engine.borrow()));
    directory?.close();
    rmSync(place, { recursive: true, force: true });
    return sample;
  }

  #options(protocol: string, load: Load, disk: Disk, loop: EventLoop): EngineOptions {
    const pages = Math.ceil((this.#files.files.get(PAGES_FILE)?.size ?? 0) / TREE.pageSize);
    const share = Math.floor((pages * load.poolShare) / 100);
    return {
      disk,
      host: loop,
      latches: loop,
      protocol: rivalNamed(protocol),
      policy: policyNamed("adaptive"),
      poolFrames: load.poolShare === 100 ? pages + SPARE_FRAMES : share,
      checksum: nodeChecksum,
    };
  }

  #write(place: string): void {
    mkdirSync(place);
    for (const [name, { bytes }] of this.#files.files) writeFileSync(join(place, name), bytes);
  }
}

/** Brings in what there is room for. */
function* warm(engine: Engine): Task<void> {
  const session = engine.borrow();
  yield* engine.scan(session, {}, { wantsValues: false, row: () => undefined });
  for (const number of firstKeys(TREE.keys)) {
    if (number % WARMED_EVERY === 0) yield* engine.get(session, keyOf(number));
  }
  engine.giveBack(session);
}

/** Keeps so many operations under way until all were made. */
class Drive {
  readonly #engine: Engine;
  readonly #loop: EventLoop;
  readonly #load: Load;
  readonly #keys = keySource("uniform", TREE.keys, IN_FLIGHT);
  readonly #latenciesMs: number[] = [];
  #begun = 0;

  constructor(engine: Engine, loop: EventLoop, load: Load) {
    this.#engine = engine;
    this.#loop = loop;
    this.#load = load;
  }

  async run(): Promise<Sample> {
    const cleaning = this.#loop.run(this.#cleaning());
    const began = performance.now();
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, client) => this.#client(client)));
    const tookMs = performance.now() - began;
    await cleaning;
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    const rank = (percent: number): number =>
      sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
    return { perSecond: (sorted.length * 1000) / tookMs, p50Ms: rank(50), p99Ms: rank(99) };
  }

  async #client(client: number): Promise<void> {
    const session = this.#engine.borrow();
    const prng = createPrng(`client ${client}`);
    while (this.#begun < this.#load.operations) {
      this.#begun++;
      const began = performance.now();
      await this.#loop.run(this.#operation(session, client, prng));
      this.#latenciesMs.push(performance.now() - began);
    }
  }

  #operation(session: Session, client: number, prng: Prng): Task<unknown> {
    const { mix } = this.#load;
    if (prng.below(100) >= mix.reads) {
      return this.#engine.put(session, keyOf(this.#keys.toPut(client)), value);
    }
    const key = keyOf(this.#keys.toRead(client));
    if (!mix.isScan) return this.#engine.get(session, key);
    const range = { start: key, limit: SCAN_ROWS };
    return this.#engine.scan(session, range, { row: () => undefined });
  }

  *#cleaning(): Task<void> {
    const session = this.#engine.borrow();
    while (this.#latenciesMs.length < this.#load.operations) {
      while (this.#engine.wantsCleaning) if (!(yield* this.#engine.cleanOne(session))) break;
      yield this.#loop.sleep(CLEANER_MS);
    }
  }
}
