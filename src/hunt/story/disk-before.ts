import { SECTOR_BYTES, type SimDisk } from "../../sim/index.ts";
import { MemoryContents, MemoryDisk } from "../../storage/index.ts";
import { LatchworkError, runToCompletion } from "../../task/index.ts";
import { CONTROL_FILE, inspectLog, PAGES_FILE, readControl } from "../../wal/index.ts";
import { fileText, pageName, partitionOfFile, pathIn, plainName } from "../program/index.ts";
import { errorText } from "./error-text.ts";

/** A file before a crash: what could be read, and what was durable. Null: no such file. */
interface FileBefore {
  readonly name: string;
  readonly live: Uint8Array | null;
  readonly durable: Uint8Array | null;
}

/** What is on a disk just before a crash, to be compared with what it leaves. */
export class DiskBefore {
  readonly #files: readonly FileBefore[];

  constructor(disk: SimDisk) {
    const names = new Set([...disk.names(), ...disk.durableNames()]);
    this.#files = [...names].toSorted().map((name) => ({
      name,
      live: disk.peek(name),
      durable: disk.peekDurable(name),
    }));
  }

  /** What became of everything that was not synced, a line for each place. */
  compare(disk: SimDisk, pageSize: number): string[] {
    const known = new Set(this.#files.map(({ name }) => name));
    const others = disk
      .names()
      .filter((name) => !known.has(name))
      .map((name) => `${fileText(name)}: is there, though asked for only`);
    const lines = this.#files.flatMap((file) => fateOf(file, disk.peek(file.name), pageSize));
    return [...lines, ...others];
  }
}

function fateOf(
  { name, live, durable }: FileBefore,
  after: Uint8Array | null,
  pageSize: number,
): string[] {
  if (live === null) {
    if (durable === null) return [];
    const then = after === null ? "survived, and the file is gone" : "undone, the file is back";
    return [`${fileText(name)}: its removal, not synced: ${then}`];
  }
  if (after === null) {
    return [`${fileText(name)}: its name, not synced: lost, and the file with it`];
  }
  const named = durable === null ? [`${fileText(name)}: its name, not synced: survived`] : [];
  const old = durable ?? new Uint8Array(0);
  return [...named, ...fatesOfBytes(name, { live, old, after }, pageSize)];
}

interface Versions {
  readonly live: Uint8Array;
  readonly old: Uint8Array;
  readonly after: Uint8Array;
}

/** Pages one by one; of any other file, the stretch that was not synced as a whole. */
function fatesOfBytes(name: string, versions: Versions, pageSize: number): string[] {
  const { live, old, after } = versions;
  const size = Math.max(live.length, old.length, after.length);
  if (plainName(name) !== PAGES_FILE) {
    const [from, to] = differing(versions, 0, size);
    if (from === to) return [];
    const what = plainName(name) === CONTROL_FILE ? "its replacement" : `bytes ${from}-${to - 1}`;
    return [`${fileText(name)}: ${what}, ${fate(versions, from, to)}`];
  }
  const lines: string[] = [];
  for (let at = 0; at < size; at += pageSize) {
    const [from, to] = differing(versions, at, Math.min(at + pageSize, size));
    if (from === to) continue;
    const page = pageName(partitionOfFile(name), at / pageSize);
    lines.push(`page ${page}, ${fate(versions, from, to)}`);
  }
  return lines;
}

/** The stretch within which the three are not the same; empty if they are. */
function differing({ live, old, after }: Versions, from: number, to: number): [number, number] {
  const isSame = (at: number): boolean => live[at] === old[at] && live[at] === after[at];
  let [first, last] = [from, to];
  while (first < last && isSame(first)) first++;
  while (last > first && isSame(last - 1)) last--;
  return [first, last];
}

/** What became of the sectors of a stretch. */
function fate({ live, old, after }: Versions, from: number, to: number): string {
  let [survived, lost, others] = [0, 0, 0];
  for (let at = from - (from % SECTOR_BYTES); at < to; at += SECTOR_BYTES) {
    const end = Math.min(at + SECTOR_BYTES, to);
    const sector = (bytes: Uint8Array): string => bytes.subarray(Math.max(at, from), end).join();
    const [now, wanted, before] = [sector(after), sector(live), sector(old)];
    if (now === wanted && now === before) continue;
    if (now === wanted) survived++;
    else if (now === before || isZero(after, Math.max(at, from), end)) lost++;
    else others++;
  }
  const all = survived + lost + others;
  if (survived === all) return "not synced: survived";
  if (lost === all) {
    const grown = after.length > old.length;
    return grown ? "not synced: lost, all but the file's new length" : "not synced: lost";
  }
  if (others === all) return "changed by a write that the crash cut off";
  const more = others === 0 ? "" : `, ${others} changed by a write that the crash cut off`;
  return `not synced: torn, ${survived} of ${counted(all, "sector")} survived${more}`;
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}

/**
 * Where the control file says that redo begins, or null if it cannot be read.
 *
 * @param directory The tree's, on that disk.
 */
export function redoPosition(disk: SimDisk, directory: string): number | null {
  try {
    return runToCompletion(readControl(copyOf(disk, directory)))?.redoLsn ?? null;
  } catch (error) {
    if (error instanceof LatchworkError) return null;
    throw error;
  }
}

/**
 * What a recovery will find: where redo begins, and how far the log can be read.
 *
 * @param directory The tree's, on that disk.
 */
export function whatIsOnDisk(disk: SimDisk, directory: string): string[] {
  const copy = copyOf(disk, directory);
  try {
    const control = runToCompletion(readControl(copy));
    if (control === null) return ["there is no control file"];
    const { redoLsn } = control;
    const log = runToCompletion(inspectLog({ disk: copy, redoLsn }));
    const groups = log.groups === 0 ? "no groups" : counted(log.groups, "group");
    const lines = [
      `the control file says that redo begins at ${redoLsn}`,
      `the log has ${groups} after that, and ends at ${log.endLsn}`,
    ];
    if (log.unfinishedGroups > 0) {
      lines.push(`of these the last ${log.unfinishedGroups} belong to a batch without end`);
    }
    const { tornTail, damage } = log;
    if (tornTail !== null) {
      const { file, offset, bytes, reason } = tornTail;
      const where = `${counted(bytes, "byte")} from byte ${offset} on`;
      lines.push(`${fileText(file)} has a torn tail, ${where}: ${errorText(reason)}`);
    }
    if (damage !== null) lines.push(`the log is damaged: ${errorText(damage.message)}`);
    return lines;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    return [errorText(error.message)];
  }
}

/** A directory's files as they can be read now, on a disk that nothing happens to. */
function copyOf(disk: SimDisk, directory: string): MemoryDisk {
  const copy = new MemoryDisk();
  for (const path of disk.names()) {
    const name = plainName(path);
    if (path !== pathIn(directory, name)) continue;
    const contents = new MemoryContents();
    contents.write(0, disk.peek(path) ?? new Uint8Array(0));
    copy.files.set(name, contents);
  }
  return copy;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
