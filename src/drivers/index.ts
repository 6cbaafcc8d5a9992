/**
 * The drivers: what runs tasks for real, on Node's event loop, real files and real time.
 *
 * Here, and in the command line, is all that uses Node itself. The rooms below ask for a disk, a
 * clock or a step through the interfaces of the rooms task, latch and storage; this room supplies
 * them: `EventLoop` runs tasks, `TimerStep` waits, `FileDisk` is a directory of real files, and
 * `LockFile` keeps every other process out of it.
 *
 * Invariants:
 * 1. Tasks run on one thread, each until it waits; see {@link EventLoop}.
 * 2. A directory is open in one process, once, and is the one that its path led to; see
 *    {@link LockFile} and {@link FileDirectory}.
 * 3. A request to a file is made once; what failed is reported and never tried again; see
 *    {@link FileDisk}.
 * 4. Clocks and timers are those that the process started with, whatever a test suite puts in
 *    their place.
 *
 * Left out: worker threads. The simulator is a driver too, and a room of its own. Those clocks and
 * timers are in `task/driver-real-time.ts`, since the checker's threads use them and know of no
 * room above task.
 */
export { type Ending, EventLoop, type StartOptions, STEPS_A_TURN } from "./event-loop.ts";
export type { FileDirectory } from "./file-directory.ts";
export { FileDisk } from "./file-disk.ts";
export { LockFile, type LockHolder, lockHolderOf } from "./lock-file.ts";
export { mustBePath, refuseOddFiles, refusePart } from "./odd-files.ts";
export {
  absolutePath,
  openDirectory,
  ownDirectory,
  type OwnedDirectory,
  takeDirectory,
  type TakeOptions,
} from "./owned-directory.ts";
export type { TimerStep } from "./timer.ts";
export { deflateBlocks } from "./zlib-blocks.ts";
export { nodeChecksum } from "./zlib-checksum.ts";
