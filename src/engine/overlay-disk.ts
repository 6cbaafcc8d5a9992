import { MemoryDisk } from "../storage/index.ts";
import {
  type DirectoryMode,
  type Disk,
  type DiskFile,
  DiskRequest,
  type Fact,
  LatchworkError,
  type OpenMode,
  type Step,
  type TaskId,
} from "../task/index.ts";

/** Bytes of the pieces in which changes are kept. */
const PIECE_BYTES = 4096;

/**
 * A disk laid over another one, which it reads and never changes: whatever is written, made,
 * renamed or removed is so in memory only.
 *
 * So a recovery can be carried out, and its outcome looked at, on files that stay what they are.
 * Memory: the bytes written. Nothing is durable, so a sync does nothing.
 */
export class OverlayDisk implements Disk {
  readonly #under: Disk;
  readonly #layers: Map<string, Layer> = new Map();
  readonly #gone: Set<string> = new Set();
  readonly #directories: Map<string, OverlayDisk> = new Map();
  readonly #goneDirectories: Set<string> = new Set();

  constructor(under: Disk) {
    this.#under = under;
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    if (this.#directories.has(name)) return new Answer("open", name, () => taken(name));
    const layer = this.#layers.get(name);
    if (mode !== "create" && layer?.under !== null) {
      if (this.#gone.has(name)) return new Answer("open", name, () => missing("open", name));
      const opening = this.#under.open(layer?.under ?? name, "read");
      return new Derived(opening, (file) => new OverlayFile(name, this.#layer(name), file));
    }
    return new Answer("open", name, (): DiskFile => {
      const own = layer ?? new Layer(null);
      if (mode === "create") own.truncate(0);
      this.#put(name, own);
      return new OverlayFile(name, own, null);
    });
  }

  list(): DiskRequest<readonly string[]> {
    return new Derived(this.#under.list(), (names) => [
      ...names.filter((name) => !this.#gone.has(name) && !this.#layers.has(name)),
      ...this.#layers.keys(),
    ]);
  }

  rename(from: string, to: string): DiskRequest<void> {
    return this.#change("rename", from, () => {
      const layer = this.#layer(from);
      this.#drop(from);
      this.#put(to, layer);
    });
  }

  remove(name: string): DiskRequest<void> {
    return this.#change("remove", name, () => this.#drop(name));
  }

  syncDirectory(): DiskRequest<void> {
    return new Answer("sync", "directory", () => undefined);
  }

  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    if (this.#layers.has(name)) return new Answer("open directory", name, () => taken(name));
    const known = this.#directories.get(name);
    if (known !== undefined) return new Answer("open directory", name, () => known);
    const found = (under: Disk): Disk => {
      const directory = new OverlayDisk(under);
      this.#directories.set(name, directory);
      this.#goneDirectories.delete(name);
      return directory;
    };
    const made = (): Disk =>
      mode === "create" ? found(new MemoryDisk()) : missing("open directory", name);
    if (this.#goneDirectories.has(name)) return new Answer("open directory", name, made);
    return new Derived(this.#under.directory(name, "open"), found, made);
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return new Derived(this.#under.listDirectories(), (names) => {
      const left = names.filter((name) => !this.#goneDirectories.has(name));
      return [...new Set([...left, ...this.#directories.keys()])];
    });
  }

  /** Sees only files of its own: what is under this disk stays in any case. */
  removeDirectory(name: string): DiskRequest<void> {
    return new Derived(this.listDirectories(), (names) => {
      if (!names.includes(name)) missing("remove directory", name);
      const known = this.#directories.get(name);
      const isEmpty = known === undefined || known.#layers.size === 0;
      if (!isEmpty) throw new LatchworkError("DISK_ERROR", `${name}: cannot remove: not empty`);
      this.#directories.delete(name);
      this.#goneDirectories.add(name);
    });
  }

  /** Changes what a name stands for, if there is such a file. */
  #change(operation: string, name: string, change: () => void): DiskRequest<void> {
    if (this.#layers.has(name)) return new Answer(operation, name, change);
    if (this.#gone.has(name)) return new Answer(operation, name, () => missing(operation, name));
    return new Derived(this.#under.list(), (names) => {
      if (!names.includes(name)) missing(operation, name);
      change();
    });
  }

  /** The layer of a file; of one that is untouched so far, a new one that shows it as it is. */
  #layer(name: string): Layer {
    const layer = this.#layers.get(name) ?? new Layer(name);
    this.#layers.set(name, layer);
    return layer;
  }

  #put(name: string, layer: Layer): void {
    this.#layers.set(name, layer);
    this.#gone.delete(name);
  }

  #drop(name: string): void {
    this.#layers.delete(name);
    this.#gone.add(name);
  }
}

function missing(operation: string, name: string): never {
  throw new LatchworkError("NO_SUCH_FILE", `${name}: cannot ${operation}: no such file`);
}

function taken(name: string): never {
  throw new LatchworkError("DISK_ERROR", `${name}: the name is taken by something else`);
}

/** Part of a file that was written over, and which of its bytes were. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly isWritten: Uint8Array;
}

/** What was changed of one file. */
class Layer {
  /** The file that shows through, or null if there is none. */
  readonly under: string | null;
  readonly #pieces: Map<number, Piece> = new Map();
  /** From here on nothing shows through. */
  #cut: number;
  /** The file ends here, unless what shows through ends later. */
  #end = 0;

  constructor(under: string | null) {
    this.under = under;
    this.#cut = under === null ? 0 : Number.POSITIVE_INFINITY;
  }

  /** @param sizeUnder The size of the file that shows through. */
  size(sizeUnder: number): number {
    return Math.max(Math.min(sizeUnder, this.#cut), this.#end);
  }

  write(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const inside = (at + done) % PIECE_BYTES;
      const part = bytes.subarray(done, done + PIECE_BYTES - inside);
      const piece = this.#piece((at + done - inside) / PIECE_BYTES);
      piece.bytes.set(part, inside);
      piece.isWritten.fill(1, inside, inside + part.length);
      done += part.length;
    }
    this.#end = Math.max(this.#end, at + bytes.length);
  }

  truncate(bytes: number): void {
    for (const [index, piece] of this.#pieces) {
      const keep = bytes - index * PIECE_BYTES;
      if (keep <= 0) this.#pieces.delete(index);
      else piece.isWritten.fill(0, Math.min(keep, PIECE_BYTES));
    }
    this.#cut = Math.min(this.#cut, bytes);
    this.#end = bytes;
  }

  /**
   * Puts what was changed over what was read.
   *
   * @param count How many bytes the file that shows through gave.
   * @returns how many there are.
   */
  patch(at: number, into: Uint8Array, count: number): number {
    const kept = Math.max(0, Math.min(count, this.#cut - at));
    const total = Math.max(kept, Math.min(into.length, this.#end - at));
    if (total > kept || count > kept) into.fill(0, kept, Math.max(total, count));
    for (let index = Math.floor(at / PIECE_BYTES); index * PIECE_BYTES < at + total; index++) {
      const piece = this.#pieces.get(index);
      if (piece !== undefined) copyWritten(piece, index * PIECE_BYTES - at, into, total);
    }
    return total;
  }

  #piece(index: number): Piece {
    const found = this.#pieces.get(index);
    if (found !== undefined) return found;
    const piece = { bytes: new Uint8Array(PIECE_BYTES), isWritten: new Uint8Array(PIECE_BYTES) };
    this.#pieces.set(index, piece);
    return piece;
  }
}

/** Copies what was written of a piece that begins at `shift`, which may be below 0. */
function copyWritten(piece: Piece, shift: number, into: Uint8Array, total: number): void {
  const from = Math.max(0, -shift);
  const to = Math.min(PIECE_BYTES, total - shift);
  for (let i = from; i < to; i++) {
    if (piece.isWritten[i] === 1) into[shift + i] = piece.bytes[i] ?? 0;
  }
}

/** An open file of an {@link OverlayDisk}. */
class OverlayFile implements DiskFile {
  readonly name: string;
  readonly #layer: Layer;
  readonly #under: DiskFile | null;

  constructor(name: string, layer: Layer, under: DiskFile | null) {
    this.name = name;
    this.#layer = layer;
    this.#under = under;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    const layer = this.#layer;
    if (this.#under === null) return new Answer("read", this.name, () => layer.patch(at, into, 0));
    return new Derived(this.#under.read(at, into), (count) => layer.patch(at, into, count));
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    return new Answer("write", this.name, () => this.#layer.write(at, bytes));
  }

  sync(): DiskRequest<void> {
    return new Answer("sync", this.name, () => undefined);
  }

  /** What is changed is in memory. */
  confirm(): void {}

  size(): DiskRequest<number> {
    if (this.#under === null) return new Answer("look at", this.name, () => this.#layer.size(0));
    return new Derived(this.#under.size(), (size) => this.#layer.size(size));
  }

  truncate(bytes: number): DiskRequest<void> {
    return new Answer("truncate", this.name, () => this.#layer.truncate(bytes));
  }

  close(): DiskRequest<void> {
    return this.#under?.close() ?? new Answer("close", this.name, () => undefined);
  }
}

/** A request that waits for nothing and is carried out when it is taken. */
class Answer<T> extends DiskRequest<T> {
  readonly #operation: string;
  readonly #name: string;
  readonly #answer: () => T;
  #value: T | undefined = undefined;

  constructor(operation: string, name: string, answer: () => T) {
    super();
    this.#operation = operation;
    this.#name = name;
    this.#answer = answer;
  }

  get value(): T {
    return this.#value as T;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#value = this.#answer();
    return true;
  }

  override fact(): Fact {
    return { kind: "file-request", operation: this.#operation, name: this.#name };
  }
}

/** A request to the disk below, and what becomes of its result. */
class Derived<From, T> extends DiskRequest<T> {
  readonly #under: DiskRequest<From>;
  readonly #derive: (from: From) => T;
  readonly #absent: (() => T) | null;
  #value: T | undefined = undefined;

  /** @param absent What comes of it if there is no such file or directory. Default: that fault. */
  constructor(
    under: DiskRequest<From>,
    derive: (from: From) => T,
    absent: (() => T) | null = null,
  ) {
    super();
    this.dueAtMs = under.dueAtMs;
    this.#under = under;
    this.#derive = derive;
    this.#absent = absent;
  }

  get value(): T {
    return this.#value as T;
  }

  override isEnabled(task: TaskId): boolean {
    return this.#under.isEnabled(task);
  }

  override take(task: TaskId): boolean {
    try {
      if (!this.#under.take(task)) return false;
    } catch (error) {
      const isAbsent = error instanceof LatchworkError && error.code === "NO_SUCH_FILE";
      if (this.#absent === null || !isAbsent) throw error;
      this.#value = this.#absent();
      return true;
    }
    this.#value = this.#derive(this.#under.value);
    return true;
  }

  override fact(): Fact {
    return this.#under.fact();
  }

  override park(): void {
    this.#under.join(this);
  }

  override join(step: Step): void {
    this.#under.join(step);
  }
}
