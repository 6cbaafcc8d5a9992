/**
 * A simulated disk: files and directories in memory that forget what real ones may forget.
 *
 * What a task asks for is a request, and taking it is a step, so other tasks come between asking
 * and having. A reader sees all that was written, as through a page cache. What is durable is less:
 *
 * - Data is written in sectors of 512 bytes. Of the sectors written since a file's last sync any
 *   subset survives a crash, and one written twice has its old, its first or its second contents.
 * - A file's size survives or not, independently of its sectors. Where the size survived and a
 *   sector did not, the old contents or zeros are read.
 * - Names are durable after syncDirectory, and a file's sync is no help: a file whose name is lost
 *   is lost as a whole. Names that were made, changed and removed survive in any subset; a rename
 *XX
 * - Of a request asked for but not taken when the power fails, any part may have happened.
 * - A sync that fails marks everything clean: what it should have written can still be read, may or
 *   may not survive a crash, and no later sync changes that.
 *
 * Somebody may also put a copy of the directory in its place (the fault `replaced directory`). Who
 * has it open learns of it by a failure of the next sync or change of names, and after a crash the
 * copy is all there is: whatever was acknowledged meanwhile is gone.
 *
 * That is the weaker of what ext4 and XFS promise: what survives here survives there.
 *
 * Invariants:
 * 1. What survives, which requests fail and how late they are is drawn from the schedule, and
 *    nothing is drawn where there is one outcome. A replay meets the same crash.
 * 2. What was synced, name and contents, survives every crash.
 * 3. While the disk is disarmed nothing is drawn but by `crash`.
 * 4. Going back to a snapshot costs O(files), not O(bytes).
 *
 * Left out: renaming directories, permissions, bit rot on its own (tests may `damage` bytes),
 * sectors torn within, and files mapped into memory.
 *
 * References: Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014), for what file
 * systems let happen; Rebello et al., "Can Applications Recover from fsync Failures?" (USENIX ATC
 * 2020).
 */
export { type Latency, type Queue } from "./device.ts";
export { type DiskFault, type FaultOptions } from "./faults.ts";
export { SECTOR_BYTES } from "./sectors.ts";
export { SimDisk, type SimDiskOptions } from "./sim-disk.ts";
export type { DiskSnapshot } from "./storage.ts";
export type { Choose, Survival } from "./survival.ts";
