import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { realNowMs } from "../task/driver-real-time.ts";
import { formatReplay, type SavedProof, type Scenario } from "../hunt/index.ts";
import { BadInput } from "./exit.ts";
import { exists, nameOf, notWritten, reason } from "./files.ts";
import { version } from "./version.ts";

const FORMAT = "latchwork proof";
const FORMAT_VERSION = 1;
const WRITTEN_EVERY_MS = 1000;

/** A file that keeps how far a proof is, so that it can be resumed. */
export class ProofFile {
  readonly #path: string;
  readonly #scenario: string;
  #writtenAtMs = 0;

  constructor(path: string, scenario: Scenario) {
    this.#path = path;
    // All that the search depends on, in one line.
    this.#scenario = formatReplay(scenario, "");
  }

  /**
   * What the file has; null if there is no such file yet.
   *
   * @throws BadInput in one line if it is something else, or of something else.
   */
  read(): SavedProof | null {
    if (!exists(this.#path)) return null;
    const found = this.#parse();
    const name = nameOf(this.#path);
    const advice = "give another file, or remove it to begin anew";
    if (found?.["format"] !== FORMAT) {
      throw new BadInput(`${name}: is no checkpoint of latchwork prove; ${advice}`);
    }
    const { latchwork, formatVersion, scenario, state, checksum } = found;
    if (formatVersion !== FORMAT_VERSION || latchwork !== version()) {
      const by = `latchwork ${String(latchwork)}, format ${String(formatVersion)}`;
      const ours = `latchwork ${version()}, format ${FORMAT_VERSION}`;
      throw new BadInput(`${name}: was written by ${by}, and this is ${ours}; ${advice}`);
    }
    if (scenario !== this.#scenario) {
      throw new BadInput(`${name}: is of another scenario or protocol; ${advice}`);
    }
    if (typeof state !== "string" || checksum !== checksumOf(state)) {
      throw new BadInput(`${name}: is damaged; ${advice}`);
    }
    return JSON.parse(state) as SavedProof;
  }

  /**
   * Writes it, all or nothing; not more than once a second, unless the search is over.
   *
   * @throws NotWritten if it cannot.
   */
  write(saved: SavedProof, isLast: boolean): void {
    const now = realNowMs();
    if (!isLast && now - this.#writtenAtMs < WRITTEN_EVERY_MS) return;
    this.#writtenAtMs = now;
    const state = JSON.stringify(saved);
    const text = JSON.stringify({
      format: FORMAT,
      formatVersion: FORMAT_VERSION,
      latchwork: version(),
      scenario: this.#scenario,
      checksum: checksumOf(state),
      state,
    });
    const draft = `${this.#path}.new`;
    try {
      writeSynced(draft, text);
      renameSync(draft, this.#path);
    } catch (error) {
      throw notWritten(this.#path, error);
    }
  }

  #parse(): Readonly<Record<string, unknown>> | null {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      const expected = "expected a file of latchwork prove, or none";
      throw new BadInput(`cannot read ${nameOf(this.#path)}: ${reason(error)}; ${expected}`);
    }
    try {
      const found: unknown = JSON.parse(text);
      return typeof found === "object" ? (found as Record<string, unknown> | null) : null;
    } catch {
      return null;
    }
  }
}

function checksumOf(state: string): string {
  return createHash("sha256").update(state).digest("hex");
}

function writeSynced(path: string, text: string): void {
  const fd = openSync(path, "w");
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
