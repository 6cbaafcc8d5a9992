import { assert, LatchworkError } from "../../task/index.ts";
import { Directory, type SavedDirectory } from "./directory.ts";
import { FileBody, type SavedBody } from "./file-body.ts";
import { SECTOR_BYTES, sectorsIn } from "./sectors.ts";
import { type Choose, drawSurvivors, type Survival } from "./survival.ts";

/** All that is on a disk, saved: shared with the disk until either changes. */
export interface DiskSnapshot {
  readonly directory: SavedDirectory;
  readonly bodies: readonly (readonly [FileBody, SavedBody])[];
  readonly order: number;
  readonly serial: number;
  readonly crashes: number;
  readonly spaceBytes: number;
}

/** What is on a disk: names, files, and what of them is durable. No requests, time or faults. */
export class DiskStorage {
  readonly directory: Directory = new Directory();
  /** Most bytes that the files may take, in whole sectors; may be changed at any time. */
  spaceBytes: number;
  /** How many crashes there were. */
  crashes = 0;
  /** What the directory's path leads to by now, if it is not this directory any more. */
  #replacement: ReadonlyMap<string, FileBody> | null = null;
  #order = 0;
  #serial = 0;

  constructor(spaceBytes: number) {
    this.spaceBytes = spaceBytes;
  }

  /** Numbers an effect, after all that were before. */
  nextOrder(): number {
    return ++this.#order;
  }

  /** @throws LatchworkError NO_SUCH_FILE. */
  find(name: string): FileBody {
    const body = this.directory.names.get(name);
    if (body !== undefined) return body;
    throw new LatchworkError("NO_SUCH_FILE", `${name}: no such file in the directory`);
  }

  /** Makes a file, or empties the one there is. */
  create(name: string): FileBody {
    const known = this.directory.names.get(name);
    if (known !== undefined) {
      known.truncate(0, this.nextOrder());
      return known;
    }
    const body = new FileBody(this.#serial++);
    this.directory.change({ order: this.nextOrder(), kind: "create", body, from: null, to: name });
    return body;
  }

  rename(from: string, to: string): void {
    const body = this.find(from);
    if (from === to) return;
    this.directory.change({ order: this.nextOrder(), kind: "rename", body, from, to });
  }

  remove(name: string): void {
    const body = this.find(name);
    const order = this.nextOrder();
    this.directory.change({ order, kind: "remove", body, from: name, to: null });
  }

  /** Makes a file of these contents, all of it durable at once. */
  put(name: string, bytes: Uint8Array): void {
    const body = new FileBody(this.#serial++);
    body.write(0, bytes, this.nextOrder());
    body.sync();
    this.directory.put(name, body);
  }

  /** Whether the directory's path leads to another one. */
  get isReplaced(): boolean {
    return this.#replacement !== null;
  }

  /**
   * Puts a copy of the directory in its place, as `cp -a` and two renames do: all that can be read
   * now, durable. Who has files open keeps those of before; after a crash there is only the copy.
   */
  replaceDirectory(): void {
    const copies = [...this.directory.names].map(([name, body]): [string, FileBody] => {
      const copy = new FileBody(this.#serial++);
      copy.write(0, body.bytes(), this.nextOrder());
      copy.sync();
      return [name, copy];
    });
    this.#replacement = new Map(copies);
  }

  /** Goes to where the directory's path leads now; true if that is another directory. */
  lookUp(): boolean {
    if (this.#replacement === null) return false;
    this.directory.settle(this.#replacement);
    this.#replacement = null;
    return true;
  }

  /** Sees to it that a file may be so large. @throws LatchworkError NO_SPACE. */
  reserve(name: string, body: FileBody, size: number): void {
    const more = (sectorsIn(size) - sectorsIn(body.size)) * SECTOR_BYTES;
    if (more <= 0 || this.spaceBytes === Number.POSITIVE_INFINITY) return;
    let used = 0;
    for (const one of new Set(this.directory.names.values())) used += sectorsIn(one.size);
    if (used * SECTOR_BYTES + more > this.spaceBytes) throw noSpace(name);
  }

  /** Loses what is lost; `finish` lets unfinished requests have their effects before. */
  crash(survival: Survival, choose: Choose, finish: () => void): void {
    const firstInFlight = this.#order + 1;
    finish();
    this.crashes++;
    if (this.lookUp()) return;
    const { names, bodies } = drawSurvivors(this.directory, firstInFlight, survival, choose);
    this.directory.settle(names);
    for (const [body, settled] of bodies) body.settle(settled);
  }

  snapshot(): DiskSnapshot {
    assert(this.#replacement === null, "a directory that is saved is where it was");
    const { directory } = this;
    const bodies = new Set([
      ...directory.names.values(),
      ...directory.durableNames.values(),
      ...directory.changes.map(({ body }) => body),
    ]);
    return {
      directory: directory.save(),
      bodies: [...bodies].map((body) => [body, body.save()]),
      order: this.#order,
      serial: this.#serial,
      crashes: this.crashes,
      spaceBytes: this.spaceBytes,
    };
  }

  restore(snapshot: DiskSnapshot): void {
    assert(snapshot.serial <= this.#serial, "a snapshot is restored to the disk it is of");
    this.directory.restore(snapshot.directory);
    this.#replacement = null;
    for (const [body, saved] of snapshot.bodies) body.restore(saved);
    this.#order = snapshot.order;
    this.#serial = snapshot.serial;
    this.crashes = snapshot.crashes;
    this.spaceBytes = snapshot.spaceBytes;
  }
}

/** The fault of a full disk. */
export function noSpace(name: string): LatchworkError {
  return new LatchworkError("NO_SPACE", `${name}: no space is left on the disk to write it`);
}
