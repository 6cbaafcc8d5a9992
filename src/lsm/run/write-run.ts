import type { Disk, DiskFile, Task } from "../../task/index.ts";
import type { Cursor } from "../cursor.ts";
import type { Entry } from "../entry.ts";
import { RunBuilder, type RunOptions, type RunSummary } from "./run-builder.ts";

/** How many bytes are written at a time. */
const PART_BYTES = 1 << 18;

/** A run as it was written. */
export interface RunInfo extends RunSummary {
  readonly name: string;
}

/**
 * Writes a run, one entry after the other.
 *
 *     const writer = yield* RunWriter.create(disk, name);
 *     writer.add(entry);
 *     if (writer.isDue) yield* writer.write();
 *     const info = yield* writer.finish();
 *
 * The file's name is durable only once its directory is synced, which is the caller's business, and
 * so is what is left of the file if a request fails.
 */
export class RunWriter {
  readonly #file: DiskFile;
  readonly #builder: RunBuilder;
  #at = 0;
  #isClosed = false;

  private constructor(file: DiskFile, builder: RunBuilder) {
    this.#file = file;
    this.#builder = builder;
  }

  /** @throws LatchworkError as the disk does. */
  static *create(disk: Disk, name: string, options: RunOptions = {}): Task<RunWriter> {
    return new RunWriter(yield* disk.open(name, "create"), new RunBuilder(options));
  }

  get entries(): number {
    return this.#builder.entries;
  }

  /** About how many bytes the file would have if it ended here. */
  get fileBytes(): number {
    return this.#builder.fileBytes;
  }

  /** Whether so much is ready that it should be written before more is added. */
  get isDue(): boolean {
    return this.#builder.readyBytes >= PART_BYTES;
  }

  /** Requires: the entry comes after those before. */
  add(entry: Entry): void {
    this.#builder.add(entry);
  }

  /** Writes what is ready. */
  *write(): Task<void> {
    const part = this.#builder.take();
    const at = this.#at;
    this.#at += part.length;
    yield* this.#file.write(at, part);
  }

  /** Ends the run, makes its contents durable and closes the file. Requires: it has an entry. */
  *finish(): Task<RunInfo> {
    const summary = this.#builder.finish();
    yield* this.write();
    yield* this.#file.sync();
    yield* this.abandon();
    return { ...summary, name: this.#file.name };
  }

  /** Closes a file that is not to become a run, if it is open. */
  *abandon(): Task<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    yield* this.#file.close();
  }
}

/**
 * Writes a run of all that comes behind a cursor.
 *
 * @returns what it holds; null, and there is no file, if nothing comes.
 * @throws LatchworkError as disk and cursor do; the file is closed, and not whole.
 */
export function* writeRun(
  disk: Disk,
  name: string,
  entries: Cursor,
  options: RunOptions = {},
): Task<RunInfo | null> {
  if (!(yield* entries.next())) return null;
  const writer = yield* RunWriter.create(disk, name, options);
  try {
    do {
      writer.add(entries.entry);
      if (writer.isDue) yield* writer.write();
    } while (yield* entries.next());
    return yield* writer.finish();
  } catch (error) {
    yield* writer.abandon();
    throw error;
  }
}
