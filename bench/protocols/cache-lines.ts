/** One cache line: who has it, and until when it is on its way. */
interface Line {
  /** The core whose cache holds it alone, or -1 while several may hold it. */
  owner: number;
  /** How often it was written by another core than the one before. */
  version: number;
  /** Which version each core has read; absent: the one there was at first. */
  readonly seen: Uint32Array;
  /** The line goes to one writer after the other: when the last of them has it. */
  freeAtNs: number;
}

/**
 * The cache lines of latches and of pages on a machine with many cores, as far as the time goes
 * that cores wait for them.
 *
 * A core that reads a line which another has written since pays one transfer. A core that writes a
 * line, or reads and modifies it at one stroke as one who takes a latch even in shared mode, must
 * have it alone: unless it has, it pays one transfer, and while that lasts nobody else gets the
 * line. So a line that all cores write passes from one to the next, at most one a transfer, however
 * many cores there are; one that all only read costs nothing. At first every core has every line,
 * and none has it alone.
 */
export class CacheLines {
  readonly #cores: number;
  readonly #transferNs: number;
  readonly #lines: (Line | undefined)[] = [];
  /** How many transfers there were. */
  transfers = 0;

  constructor(cores: number, transferNs: number) {
    this.#cores = cores;
    this.#transferNs = transferNs;
  }

  /** A core reads a line; gives the moment at which it has it. */
  read(id: number, core: number, atNs: number): number {
    const line = this.#lines[id];
    if (line === undefined || line.owner === core) return atNs;
    if (line.seen[core] === line.version) return atNs;
    this.transfers++;
    line.seen[core] = line.version;
    line.owner = NOBODY;
    return Math.max(atNs, line.freeAtNs) + this.#transferNs;
  }

  /** A core writes a line; gives the moment at which it has it. */
  write(id: number, core: number, atNs: number): number {
    const line = this.#lines[id] ?? this.#make(id);
    if (line.owner === core) return atNs;
    this.transfers++;
    line.version++;
    line.seen[core] = line.version;
    line.owner = core;
    line.freeAtNs = Math.max(atNs, line.freeAtNs) + this.#transferNs;
    return line.freeAtNs;
  }

  #make(id: number): Line {
    while (this.#lines.length <= id) this.#lines.push(undefined);
    const owner = this.#cores === 1 ? 0 : NOBODY;
    const line = { owner, version: 0, seen: new Uint32Array(this.#cores), freeAtNs: 0 };
    this.#lines[id] = line;
    return line;
  }
}

const NOBODY = -1;
