import type { DiskFile, DiskRequest } from "../../task/index.ts";
import type { FileBody } from "./file-body.ts";

/** What an open file asks its disk to do. */
export interface FileRequests {
  read(file: SimDiskFile, at: number, into: Uint8Array): DiskRequest<number>;
  write(file: SimDiskFile, at: number, bytes: Uint8Array): DiskRequest<void>;
  sync(file: SimDiskFile): DiskRequest<void>;
  confirm(file: SimDiskFile): void;
  size(file: SimDiskFile): DiskRequest<number>;
  truncate(file: SimDiskFile, bytes: number): DiskRequest<void>;
  close(file: SimDiskFile): DiskRequest<void>;
}

/** What an open file is. */
interface Opened {
  readonly name: string;
  /** From the topmost directory; what it is called in reports. */
  readonly path: string;
  readonly body: FileBody;
  readonly canWrite: boolean;
  readonly crashes: number;
  readonly isThere: () => boolean;
}

/** An open file of a simulated disk. It outlives its name, but no crash. */
export class SimDiskFile implements DiskFile {
  readonly name: string;
  readonly path: string;
  readonly body: FileBody;
  readonly canWrite: boolean;
  /** How many crashes the disk had seen when the file was opened. */
  readonly crashes: number;
  /** Whether its path leads to it still. */
  readonly isThere: () => boolean;
  isClosed = false;
  readonly #disk: FileRequests;

  constructor(disk: FileRequests, { name, path, body, canWrite, crashes, isThere }: Opened) {
    this.#disk = disk;
    this.name = name;
    this.path = path;
    this.body = body;
    this.canWrite = canWrite;
    this.crashes = crashes;
    this.isThere = isThere;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    return this.#disk.read(this, at, into);
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    return this.#disk.write(this, at, bytes);
  }

  sync(): DiskRequest<void> {
    return this.#disk.sync(this);
  }

  confirm(): void {
    this.#disk.confirm(this);
  }

  size(): DiskRequest<number> {
    return this.#disk.size(this);
  }

  truncate(bytes: number): DiskRequest<void> {
    return this.#disk.truncate(this, bytes);
  }

  close(): DiskRequest<void> {
    return this.#disk.close(this);
  }
}
