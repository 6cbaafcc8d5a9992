import { protocolNamed } from "../../../src/btree/index.ts";
import { type Engine, openEngine } from "../../../src/level/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import { DIRECT_HOST, type Disk, runToCompletion, type Task } from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";

const text = new TextEncoder();

/** Opens the engine of a disk, for one task at a time. */
export function opening(disk: Disk, create = false): Task<Engine> {
  return openEngine({
    disk,
    host: DIRECT_HOST,
    latches: DIRECT_DRIVER,
    protocol: protocolNamed("crabbing"),
    policy: policyNamed("each"),
    pageSize: 512,
    poolFrames: 32,
    segmentBytes: 3000,
    create,
  });
}

/** The keys and values of an engine, as text. */
export function* contentsOf(engine: Engine): Task<string> {
  const rows: string[] = [];
  const row = (key: Uint8Array, value: Uint8Array): void => {
    rows.push(`${new TextDecoder().decode(key)}=${value[0]}/${value.length}`);
  };
  yield* engine.scan(engine.borrow(), {}, { row });
  return rows.join(" ");
}

const KEYS = Array.from({ length: 40 }, (_, index) => `key ${String(index).padStart(2, "0")}`);

/** A database that was written to, at moments at which a process might have been killed. */
export interface SmallDatabase {
  /** In the middle of its life: a log of several segments, after a checkpoint. */
  readonly killed: MemoryDisk;
  readonly closed: MemoryDisk;
  /** What it held after each write, the first one first. */
  readonly states: readonly string[];
  /** Where the log ended before the last write, each of which is a flush of its own. */
  readonly lastFlushLsn: number;
}

export function smallDatabase(): SmallDatabase {
  const disk = new MemoryDisk();
  const engine = runToCompletion(opening(disk, true));
  const op = engine.borrow();
  const states: string[] = [];
  let lastFlushLsn = 0;
  const write = (index: number, length: number): void => {
    lastFlushLsn = engine.state.log.endLsn;
    const value = new Uint8Array(length).fill(index);
    runToCompletion(engine.put(op, text.encode(KEYS[index] ?? ""), value));
    states.push(runToCompletion(contentsOf(engine)));
  };
  for (let index = 0; index < 40; index += 2) write(index, 30 + index);
  runToCompletion(engine.checkpoint(op));
  for (let index = 1; index < 40; index += 2) write(index, 20);
  for (let index = 0; index < 40; index += 5) write(index, 9);
  // Some of what changed since the checkpoint is in the page file already.
  for (let count = 0; count < 6; count++) runToCompletion(engine.cleanOne(op));
  const killed = disk.clone();
  runToCompletion(engine.close(op));
  return { killed, closed: disk, states, lastFlushLsn };
}
