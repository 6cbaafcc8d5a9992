import { type Disk, LatchworkError, type Task } from "../task/index.ts";
import { policyNamed } from "../wal/index.ts";
import { type EventLoop, nodeChecksum } from "../drivers/index.ts";
import { type Engine, openTable, PartitionedEngine } from "../engine/index.ts";
import type { Errands } from "./background.ts";
import type { EngineSettings } from "./level-engine.ts";

/** What an engine is told that no user asks for. */
export interface FileEngineOptions {
  /** Its name in reports, where there are several. */
  readonly tree?: string;
  /** Whether to make a database where there is none. Default true. */
  readonly create?: boolean;
}

/** The engine of a table, in partitions or not. */
export type TableEngine = Engine | PartitionedEngine;

/**
 * Opens the engine of a directory of real files, as it is asked for.
 *
 * @throws LatchworkError as `openTable`; UNKNOWN_NAME for a commit policy that there is not.
 */
export function* openFileEngine(
  loop: EventLoop,
  disk: Disk,
  settings: EngineSettings,
  options: FileEngineOptions = {},
): Task<TableEngine> {
  const { commitPolicy, readDurability, ...others } = settings;
  return yield* openTable({
    ...others,
    ...options,
    reads: readDurability,
    policy: policyNamed(commitPolicy),
    checksum: nodeChecksum,
    disk,
    host: loop,
    latches: loop,
  });
}

/** What the background of such an engine has to look after. */
export function errandsOf(engine: TableEngine, confirmDirectory: () => void): Errands {
  const parts = engine instanceof PartitionedEngine ? engine.state.partitions : [engine];
  let turn = 0;
  return {
    wantsCleaning: () => engine.wantsCleaning,
    lookAfter: () => {
      try {
        confirmDirectory();
        // One at a turn: to look at all of many partitions takes longer than all other errands.
        parts[turn++ % parts.length]?.confirm();
      } catch (error) {
        const isChanged = error instanceof LatchworkError && error.code === "DIRECTORY_CHANGED";
        if (isChanged) engine.poison(error);
        throw error;
      }
    },
  };
}
