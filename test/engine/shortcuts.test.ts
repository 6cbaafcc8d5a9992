import { describe, expect, it } from "vitest";
import { protocolNamed } from "../../src/btree/index.ts";
import { type Engine, type EngineOptions, EventLoop, openEngine } from "../../src/level/index.ts";
import { MemoryDisk } from "../../src/storage/index.ts";
import { assert, createPrng, type Disk, type Prng } from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const WORKERS = 16;
const OPERATIONS = 150;
const KEYS_A_WORKER = 40;

async function opened(disk: Disk, more: Partial<EngineOptions>): Promise<[Engine, EventLoop]> {
  const loop = new EventLoop();
  const protocol = protocolNamed("optimistic-crabbing");
  const policy = policyNamed("adaptive");
  const options = { disk, host: loop, latches: loop, protocol, policy, pageSize: 512, ...more };
  return [await loop.run(openEngine(options)), loop];
}

/** One of many clients; each has keys of its own, so that it knows what it must find. */
class Worker {
  readonly known = new Map<string, string>();
  readonly #id: number;
  readonly #prng: Prng;
  readonly #engine: Engine;
  readonly #loop: EventLoop;

  constructor(id: number, engine: Engine, loop: EventLoop) {
    this.#id = id;
    this.#prng = createPrng(`worker ${id}`);
    this.#engine = engine;
    this.#loop = loop;
  }

  async work(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one operation after another
    for (let i = 0; i < OPERATIONS; i++) await this.#one(i);
  }

  async #one(round: number): Promise<void> {
    const key = `key ${this.#prng.below(KEYS_A_WORKER)} of ${this.#id}`;
    const value = `${round}`.padStart(1 + this.#prng.below(40), "-");
    const wasThere = this.known.has(key);
    switch (this.#prng.below(5)) {
      case 0:
        assert((await this.#delete(key)) === wasThere, "a delete says what was there");
        this.known.delete(key);
        return;
      case 1:
        assert((await this.#write("insert", key, value)) !== wasThere, "an insert says it is new");
        if (!wasThere) this.known.set(key, value);
        return;
      case 2:
        assert((await this.read(key)) === this.known.get(key), "a get finds what was put");
        return;
      default:
        assert((await this.#write("put", key, value)) !== wasThere, "a put says it is new");
        this.known.set(key, value);
    }
  }

  #delete(key: string): Promise<boolean> {
    return this.#loop.run(this.#engine.delete(null, bytes(key)));
  }

  #write(kind: "put" | "insert", key: string, value: string): Promise<boolean> {
    return this.#loop.run(this.#engine[kind](null, bytes(key), bytes(value)));
  }

  async read(key: string): Promise<string | undefined> {
    const session = this.#engine.borrow();
    const isThere = await this.#loop.run(this.#engine.get(session, bytes(key)));
    const found = isThere ? new TextDecoder().decode(session.copyValue()) : undefined;
    this.#engine.giveBack(session);
    return found;
  }
}

describe.each([
  { atOnce: true },
  { pathCache: true },
  { preallocate: true },
  { atOnce: true, pathCache: true, preallocate: true, poolFrames: 8 },
  { atOnce: true, reads: "durable" as const, poolFrames: 8 },
])("an engine with %j", (switches) => {
  it("answers many at once as it should, and finds all of it when it is opened anew", async () => {
    const disk = new MemoryDisk();
    const [engine, loop] = await opened(disk, switches);
    const workers = Array.from({ length: WORKERS }, (_, id) => new Worker(id, engine, loop));
    await Promise.all(workers.map((worker) => worker.work()));
    const session = engine.borrow();
    expect(await loop.run(engine.check(session))).toMatchObject({ ok: true });
    await loop.run(engine.close(session));
    const [again, anotherLoop] = await opened(disk, switches);
    for (const [id, worker] of workers.entries()) {
      const reader = new Worker(id, again, anotherLoop);
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const [key, value] of worker.known) expect(await reader.read(key)).toBe(value);
    }
    expect(again.stats().protocol).toBe("optimistic-crabbing");
    await anotherLoop.run(again.close(again.borrow()));
  });
});

describe("the switches of the critical path", () => {
  it.each(["atOnce", "pathCache", "preallocate"])(
    "%s is on or off and nothing else",
    async (name) => {
      const opening = opened(new MemoryDisk(), { [name]: "yes" });
      await expect(opening).rejects.toMatchObject({
        code: "BAD_ARGUMENT",
        message: `${name} must be true or false, not "yes"`,
      });
    },
  );

  it("preallocate makes all frames at open", async () => {
    const [lazy] = await opened(new MemoryDisk(), { poolFrames: 64 });
    const [eager] = await opened(new MemoryDisk(), { poolFrames: 64, preallocate: true });
    expect(eager.stats().pool.bytes).toBe(64 * 512);
    expect(lazy.stats().pool.bytes).toBeLessThan(64 * 512);
  });
});
