/**
 * The database: the engine behind promises, on files, on Node's event loop.
 *
 * Files whose name begins with `driver` may use Node itself; the rest of the room takes files, time
 * and tasks from them. Everything below this room runs the same under the simulator.
 *
 * Invariants:
 * 1. The engine's tasks run on one thread, each until it waits; see {@link EventLoop}.
 * 2. A directory is open in one process, once; see {@link LockFile}.
 *
 * Left out: worker threads, partitions, secondary indexes, transactions over several keys.
 */
export {
  type Done,
  EventLoop,
  type Failed,
  type StartOptions,
  STEPS_A_TURN,
} from "./driver-event-loop.ts";
export { LockFile } from "./driver-lock-file.ts";
export { LevelError } from "./level-errors.ts";
export type { EngineSettings, LevelEngine, LevelWrite } from "./level-engine.ts";
export type {
  LatchworkDatabaseOptions,
  LatchworkOpenOptions,
  LatchworkOptions,
} from "./level-options.ts";
export { LevelOverEngine } from "./level-over-engine.ts";
