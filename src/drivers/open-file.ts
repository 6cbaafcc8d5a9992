import * as fs from "node:fs";
import {
  assert,
  type DiskFile,
  type DiskRequest,
  type Host,
  LatchworkError,
} from "../task/index.ts";
import { DescriptorUses } from "./descriptor-uses.ts";
import {
  FileRequest,
  ReadRequest,
  type RequestedFile,
  type SystemError,
  WriteRequest,
} from "./file-request.ts";
import type { FileReserve } from "./file-reserve.ts";

/** What an open file is made of. */
export interface OpenFileParts {
  readonly host: Host;
  readonly name: string;
  readonly descriptor: number;
  readonly isThrough: boolean;
  /** The room that it is given ahead; null for a file that is given none. */
  readonly reserve: FileReserve | null;
  /** Throws a LatchworkError if the file is not to be found any more. */
  readonly confirm: () => void;
  /** Throws a LatchworkError if nothing may be written any more. */
  readonly confirmWrite: () => void;
}

/** An open file of a {@link FileDisk}. */
export class OpenFile implements DiskFile {
  readonly name: string;
  readonly #asked: RequestedFile;
  readonly #host: Host;
  readonly #descriptor: number;
  readonly #isThrough: boolean;
  readonly #confirm: () => void;
  readonly #confirmWrite: () => void;
  readonly #uses = new DescriptorUses();
  readonly #reserve: FileReserve | null;
  #isOpen = true;
  /** Whether there may be something that no write has made durable: a size, to begin with. */
  #isUnsynced = true;

  constructor(parts: OpenFileParts) {
    const { host, name, descriptor, isThrough, reserve, confirm, confirmWrite } = parts;
    this.name = name;
    this.#asked = { host, name, descriptor, uses: this.#uses };
    this.#host = host;
    this.#descriptor = descriptor;
    this.#isThrough = isThrough;
    this.#reserve = reserve;
    this.#confirm = confirm;
    this.#confirmWrite = confirmWrite;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    this.#assertOpen();
    return new ReadRequest(this.#asked, at, into);
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    this.#assertOpen();
    const request = new WriteRequest(this.#asked, at, bytes, this.#reserve);
    if (request.passes(this.#confirmWrite)) request.begin();
    return request;
  }

  /** fdatasync: bytes, and the size if it changed, for without it they could not be read. */
  sync(): DiskRequest<void> {
    this.#assertOpen();
    const request = new FileRequest<void>(this.#host, "sync", this.name, this.#uses);
    const synced = (error: SystemError): void => {
      if (error) {
        this.#isUnsynced = true;
        request.fail(error);
      } else if (request.passes(this.#confirm)) request.finished(null);
    };
    if (this.#isThrough && !this.#isUnsynced) synced(null);
    else {
      this.#isUnsynced = false;
      fs.fdatasync(this.#descriptor, synced);
    }
    return request;
  }

  confirm(): void {
    this.#assertOpen();
    this.#confirm();
  }

  size(): DiskRequest<number> {
    this.#assertOpen();
    const request = new FileRequest<number>(this.#host, "look at", this.name, this.#uses);
    fs.fstat(this.#descriptor, (error, status) => {
      if (error) request.fail(error);
      else request.succeed(status.size);
    });
    return request;
  }

  truncate(bytes: number): DiskRequest<void> {
    this.#assertOpen();
    this.#isUnsynced = true;
    const request = new FileRequest<void>(this.#host, "truncate", this.name, this.#uses);
    if (request.passes(this.#confirmWrite)) {
      fs.ftruncate(this.#descriptor, bytes, request.finished);
    }
    return request;
  }

  /** Waits for the requests that are under way: see {@link DescriptorUses}. */
  close(): DiskRequest<void> {
    this.#assertOpen();
    this.#isOpen = false;
    const request = new FileRequest<void>(this.#host, "close", this.name, null);
    this.#uses.whenUnused(() => this.#giveBackRoom(() => this.#close(request)));
    return request;
  }

  #close(request: FileRequest<void>): void {
    fs.close(this.#descriptor, request.finished);
  }

  /** Cuts off the room that was not used. Should that fail, it only stays. */
  #giveBackRoom(done: () => void): void {
    const from = this.#reserve?.surplusFrom ?? null;
    if (from === null || !this.#mayWrite()) done();
    else fs.ftruncate(this.#descriptor, from, done);
  }

  #mayWrite(): boolean {
    try {
      this.#confirmWrite();
      return true;
    } catch (error) {
      if (error instanceof LatchworkError) return false;
      throw error;
    }
  }

  #assertOpen(): void {
    // The descriptor may be another file's once this one is closed: a write would destroy it.
    assert(this.#isOpen, "a closed file is not used");
  }
}
