import { constants, createReadStream, openSync, type Stats, statSync } from "node:fs";
import { Socket } from "node:net";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { BadInput } from "../exit.ts";
import { nameOf, reason, STANDARD_INPUT } from "../files.ts";

const PIECE_BYTES = 1 << 20;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** A history file that is read in pieces, from a disk, a pipe or standard input. */
export class CheckInput {
  readonly #path: string;
  #stream: Readable | null = null;
  /** How many bytes there are, if that is known; a file that grows has more in the end. */
  readonly bytesTotal: number | null;
  /** How many were read; of gzip, before it was taken off. */
  bytesRead = 0;

  constructor(path: string) {
    this.#path = path;
    this.bytesTotal = sizeOf(path);
  }

  /**
   * The bytes, piece by piece; gzip is taken off.
   *
   * @throws BadInput if they cannot be read.
   */
  async *pieces(): AsyncGenerator<Uint8Array> {
    try {
      const source = this.#counted();
      const head = await headOf(source);
      const all = startingWith(head, source);
      const isGzip = GZIP_MAGIC.every((byte, i) => head[i] === byte);
      if (isGzip) yield* pipeline(Readable.from(all), createGunzip(), () => undefined);
      else yield* all;
    } catch (error) {
      throw this.#explained(error as NodeJS.ErrnoException);
    }
  }

  /** Reads no further: {@link pieces} ends, or throws. */
  stop(): void {
    this.#stream?.destroy();
  }

  async *#counted(): AsyncGenerator<Uint8Array> {
    const stream = streamOf(this.#path);
    this.#stream = stream;
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      this.bytesRead += piece.length;
      yield piece;
    }
  }

  #explained(error: NodeJS.ErrnoException): Error {
    const { code = "", message, syscall } = error;
    const name = nameOf(this.#path);
    if (code.startsWith("Z_"))
      return new BadInput(`${name}: the gzip data are damaged: ${message}`);
    if (syscall === undefined) return error;
    return new BadInput(`cannot read ${name}: ${reason(error)}; expected a history`);
  }
}

/** Enough to recognize gzip: a pipe may deliver its first byte by itself. */
async function headOf(source: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let bytes = 0; bytes < GZIP_MAGIC.length;) {
    const next = await source.next();
    if (next.done === true) break;
    pieces.push(next.value);
    bytes += next.value.length;
  }
  return Buffer.concat(pieces);
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function streamOf(path: string): Readable {
  if (path === STANDARD_INPUT) return process.stdin;
  if (statOf(path)?.isFIFO() !== true)
    return createReadStream(path, { highWaterMark: PIECE_BYTES });
  // A reading that waits must not hold up the process when it ends.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** The size of a file; null of what has none, as a pipe, or does not exist. */
function sizeOf(path: string): number | null {
  const stat = path === STANDARD_INPUT ? null : statOf(path);
  return stat?.isFile() === true ? stat.size : null;
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null; // The error comes when it is opened.
  }
}
