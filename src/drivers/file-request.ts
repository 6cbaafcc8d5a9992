import * as fs from "node:fs";
import {
  assert,
  DiskRequest,
  type ErrorCode,
  type Fact,
  type Host,
  LatchworkError,
  type Step,
} from "../task/index.ts";
import type { DescriptorUses } from "./descriptor-uses.ts";
import type { FileReserve } from "./file-reserve.ts";

/** What a callback of Node's brings if something went wrong. */
export type SystemError = NodeJS.ErrnoException | null;

/** A request under way in the system; enabled once it is over, one way or the other. */
export class FileRequest<T> extends DiskRequest<T> {
  /** For callbacks that bring no result: the request has failed or is done. */
  readonly finished: (error: SystemError) => void = (error) => {
    if (error) this.fail(error);
    else this.#end();
  };
  readonly #host: Host;
  readonly #operation: string;
  readonly #fileName: string;
  readonly #uses: DescriptorUses | null;
  #isDone = false;
  #fault: LatchworkError | null = null;
  #value: T | undefined = undefined;
  #joined: Step[] | null = null;

  /** @param uses Of the descriptor that it uses until its end; null if that is to be closed. */
  constructor(host: Host, operation: string, fileName: string, uses: DescriptorUses | null) {
    super();
    this.#host = host;
    this.#operation = operation;
    this.#fileName = fileName;
    this.#uses = uses;
    uses?.begin();
  }

  get value(): T {
    assert(this.#isDone && this.#fault === null, "a request has a result once it is taken");
    return this.#value as T;
  }

  override isEnabled(): boolean {
    return this.#isDone;
  }

  override take(): boolean {
    assert(this.#isDone, "a request is taken once it is done");
    if (this.#fault !== null) throw this.#fault;
    return true;
  }

  override join(step: Step): void {
    if (this.#isDone) this.#host.wake(step);
    else if (this.#joined === null) this.#joined = [step];
    else this.#joined.push(step);
  }

  override fact(): Fact {
    return { kind: "file-request", operation: this.#operation, name: this.#fileName };
  }

  succeed(value: T): void {
    this.#value = value;
    this.#end();
  }

  fail(error: NodeJS.ErrnoException): void {
    this.#fault = faultOf(error, this.#operation, this.#fileName);
    this.#end();
  }

  /** Makes a check that throws a LatchworkError; if it does, the request has failed of that. */
  passes(check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#fault = error;
      this.#end();
      return false;
    }
  }

  #end(): void {
    this.#isDone = true;
    this.#uses?.end();
    // Whoever goes on from here gives the disk more to do, or sets others free.
    this.#host.wake(this, true);
    const joined = this.#joined;
    this.#joined = null;
    if (joined !== null) for (const step of joined) this.#host.wake(step);
  }
}

/** What a request needs of the file that it reads or writes. */
export interface RequestedFile {
  readonly host: Host;
  readonly name: string;
  readonly descriptor: number;
  readonly uses: DescriptorUses;
}

/** Reads until the buffer is full or the file ends: the system may give less at a time. */
export class ReadRequest extends FileRequest<number> {
  readonly #descriptor: number;
  readonly #at: number;
  readonly #into: Uint8Array;
  #count = 0;

  constructor(file: RequestedFile, at: number, into: Uint8Array) {
    super(file.host, "read", file.name, file.uses);
    this.#descriptor = file.descriptor;
    this.#at = at;
    this.#into = into;
    this.#readOn();
  }

  #readOn(): void {
    const left = this.#into.length - this.#count;
    const at = this.#at + this.#count;
    fs.read(this.#descriptor, this.#into, this.#count, left, at, this.#progressed);
  }

  readonly #progressed = (error: SystemError, count: number): void => {
    if (error) {
      this.fail(error);
      return;
    }
    this.#count += count;
    if (count === 0 || this.#count === this.#into.length) this.succeed(this.#count);
    else this.#readOn();
  };
}

/** Writes until every byte is written: the system may take fewer at a time. */
export class WriteRequest extends FileRequest<void> {
  readonly #descriptor: number;
  readonly #at: number;
  readonly #bytes: Uint8Array;
  readonly #reserve: FileReserve | null;
  #count = 0;

  /** @param reserve Of a file that is given room ahead of its end. */
  constructor(file: RequestedFile, at: number, bytes: Uint8Array, reserve: FileReserve | null) {
    super(file.host, "write", file.name, file.uses);
    this.#descriptor = file.descriptor;
    this.#at = at;
    this.#bytes = bytes;
    this.#reserve = reserve;
  }

  begin(): void {
    const zeros = this.#reserve?.behind(this.#at, this.#bytes.length) ?? null;
    if (zeros === null) this.#writeOn();
    else fs.writev(this.#descriptor, [this.#bytes, zeros], this.#at, this.#wroteAhead);
  }

  readonly #wroteAhead = (error: SystemError, count: number): void => {
    if (error !== null && CODES[error.code ?? ""] === "NO_SPACE") {
      // There may be room for what has to be written.
      this.#reserve?.giveUp();
      this.#writeOn();
      return;
    }
    if (error === null) this.#reserve?.reaches(this.#at + count);
    this.#progressed(error, Math.min(count, this.#bytes.length));
  };

  #writeOn(): void {
    const left = this.#bytes.length - this.#count;
    const at = this.#at + this.#count;
    fs.write(this.#descriptor, this.#bytes, this.#count, left, at, this.#progressed);
  }

  readonly #progressed = (error: SystemError, count: number): void => {
    if (error) {
      this.fail(error);
      return;
    }
    this.#count += count;
    // Nothing written and no error: a full disk, on some file systems.
    if (this.#count === this.#bytes.length) this.succeed(undefined);
    else if (count === 0) this.fail(Object.assign(new Error("no progress"), { code: "ENOSPC" }));
    else this.#writeOn();
  };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "NO_SPACE",
  EDQUOT: "NO_SPACE",
  EFBIG: "NO_SPACE",
  ENOENT: "NO_SUCH_FILE",
};

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  NO_SPACE: "there is no space for it",
  NO_SUCH_FILE: "there is no such file",
  DISK_ERROR: "the system refused",
};

/** Says in our words what the system said in its own. */
function faultOf(
  error: NodeJS.ErrnoException,
  operation: string,
  fileName: string,
): LatchworkError {
  const errno = error.code ?? "unknown error";
  const code = CODES[errno] ?? "DISK_ERROR";
  return new LatchworkError(
    code,
    `${fileName}: cannot ${operation}: ${REASONS[code] ?? "it failed"} (${errno})`,
  );
}
