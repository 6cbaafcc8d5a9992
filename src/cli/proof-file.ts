import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { realNowMs } from "../task/driver-real-time.ts";
import { formatReplay, type SavedProof, type Scenario } from "../hunt/index.ts";
import { BadInput } from "./exit.ts";
import { exists, nameOf, notWritten, reason } from "./files.ts";
import type { OwnProtocols } from "./protocol-file.ts";
import { draftOf } from "./places.ts";
import { searchIn } from "./proof-shape.ts";
import { version } from "./version.ts";

const FORMAT = "latchwork proof";
const FORMAT_VERSION = 3;
const WRITTEN_EVERY_MS = 1000;
const ADVICE = "give another file, or remove it to begin anew";

/** The first line of the file. */
interface Head {
  readonly format: typeof FORMAT;
  readonly formatVersion: number;
  readonly latchwork: string;
  /** How many searches the command line asks for. */
  readonly searches: number;
  /** A digest of all that they depend on. */
  readonly of: string;
}

/**
 * A file that keeps how far some proofs are, so that they can be resumed: a line that says what it
 * is of, one for each proof that has begun, as `[3,{...}]`, and one with a checksum of all before.
 * It is written beside its place, synced, and renamed, so it is whole whenever the process ends.
 */
export class ProofFile {
  readonly #path: string;
  readonly #head: Head;
  /** For each proof that has begun, its line. */
  readonly #lines: (string | undefined)[];
  /** When each was noted last. */
  readonly #notedAtMs: number[] = [];
  #writtenAtMs = -Infinity;
  #isWritten = true;

  /**
   * @param exchanges Whether exchanges of tasks that do the same count once.
   * @throws BadInput for a file of protocols that cannot be read.
   */
  constructor(path: string, scenarios: readonly Scenario[], own: OwnProtocols, exchanges: boolean) {
    this.#path = path;
    const searches = scenarios.length;
    this.#lines = Array.from({ length: searches }, () => undefined);
    const of = digestOf(scenarios, own, exchanges);
    const latchwork = version();
    this.#head = { format: FORMAT, formatVersion: FORMAT_VERSION, latchwork, searches, of };
  }

  /**
   * What the file has of each proof; null of one that has not begun.
   *
   * @throws BadInput in one line if it is something else, or of something else, or damaged.
   */
  read(): readonly (SavedProof | null)[] {
    if (exists(this.#path)) {
      const lines = this.#textOf().split("\n");
      this.#refuseOther(lines[0] ?? "");
      const checked = `${lines.slice(0, -2).join("\n")}\n`;
      const [checksum, end] = lines.slice(-2);
      if (end !== "" || checksum !== checksumLine(checked)) throw this.#refused("is damaged");
      return this.#taken(lines.slice(1, -2));
    }
    return this.#lines.map(() => null);
  }

  #taken(lines: readonly string[]): readonly (SavedProof | null)[] {
    const all: (SavedProof | null)[] = this.#lines.map(() => null);
    for (const line of lines) {
      const found = searchIn(line, all.length);
      if (found === null) throw this.#refused("is damaged");
      const [index, saved] = found;
      if (all[index] !== null) throw this.#refused("is damaged");
      this.#lines[index] = line;
      all[index] = saved;
    }
    return all;
  }

  /**
   * Notes how far a proof is, and writes the file; not more than once a second, unless the proof is
   * over, which is noted at once and written with the next.
   *
   * @throws NotWritten if it cannot be written.
   */
  note(index: number, saved: SavedProof, isLast: boolean): void {
    const now = realNowMs();
    if (!isLast && now - (this.#notedAtMs[index] ?? -Infinity) < WRITTEN_EVERY_MS) return;
    this.#notedAtMs[index] = now;
    this.#lines[index] = JSON.stringify([index, saved]);
    this.#isWritten = false;
    if (now - this.#writtenAtMs >= WRITTEN_EVERY_MS) this.write();
  }

  /**
   * Writes what was noted, all or nothing.
   *
   * @throws NotWritten if it cannot.
   */
  write(): void {
    if (this.#isWritten) return;
    const lines = this.#lines.filter((line) => line !== undefined);
    const text = `${[JSON.stringify(this.#head), ...lines].join("\n")}\n`;
    const draft = draftOf(this.#path);
    try {
      writeSynced(draft, `${text}${checksumLine(text)}\n`);
      renameSync(draft, this.#path);
    } catch (error) {
      throw notWritten(this.#path, error);
    }
    this.#isWritten = true;
    this.#writtenAtMs = realNowMs();
  }

  #refuseOther(line: string): void {
    const found = headIn(line);
    if (found === null) throw this.#refused("is no checkpoint of latchwork prove");
    const { latchwork, formatVersion, searches, of } = found;
    if (formatVersion !== FORMAT_VERSION || latchwork !== version()) {
      const by = `latchwork ${String(latchwork)}, format ${String(formatVersion)}`;
      const ours = `latchwork ${version()}, format ${FORMAT_VERSION}`;
      throw this.#refused(`was written by ${by}, and this is ${ours}`);
    }
    if (of === this.#head.of) return;
    const isOfOne = this.#head.searches === 1 && searches === 1;
    const other = isOfOne ? "another scenario or protocol" : "other scenarios or protocols";
    throw this.#refused(`is of ${other}`);
  }

  #refused(why: string): BadInput {
    return new BadInput(`${nameOf(this.#path)}: ${why}; ${ADVICE}`);
  }

  #textOf(): string {
    try {
      return readFileSync(this.#path, "utf8");
    } catch (error) {
      const expected = "expected a file of latchwork prove, or none";
      throw new BadInput(`cannot read ${nameOf(this.#path)}: ${reason(error)}; ${expected}`);
    }
  }
}

/** Of the scenarios in their order, with their protocols, and of the file of the user's own. */
function digestOf(
  scenarios: readonly Scenario[],
  { path, protocols }: OwnProtocols,
  exchanges: boolean,
): string {
  const hash = createHash("sha256");
  if (!exchanges) hash.update("no exchanges\n");
  for (const scenario of scenarios) hash.update(`${formatReplay(scenario, "")}\n`);
  const names = new Set(protocols.map(({ name }) => name));
  if (path !== null && scenarios.some(({ protocol }) => names.has(protocol))) {
    hash.update(contentOf(path));
  }
  return hash.digest("hex");
}

function contentOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new BadInput(`cannot read ${nameOf(path)}: ${reason(error)}`);
  }
}

function headIn(line: string): Readonly<Partial<Record<keyof Head, unknown>>> | null {
  try {
    const found: unknown = JSON.parse(line);
    if (typeof found !== "object" || found === null) return null;
    return "format" in found && found.format === FORMAT ? found : null;
  } catch {
    return null;
  }
}

function checksumLine(text: string): string {
  return `sha256 ${createHash("sha256").update(text).digest("hex")}`;
}

function writeSynced(path: string, text: string): void {
  const descriptor = openSync(path, "w");
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
