import type { CheckReport, RowSink } from "../../btree/index.ts";
import type { Session, Task } from "../../task/index.ts";
import { partitionOfKey } from "./key-hash.ts";
import type { Partition } from "./partition.ts";

/** As many as a check of one tree lists. */
const PROBLEMS_MAX = 100;

/**
 * Checks the tree of each partition, and that its keys belong there. Requires: the session is alone
 * inside all of them.
 */
export function* checkPartitions(
  partitions: readonly Partition[],
  session: Session,
): Task<CheckReport> {
  const problems: string[] = [];
  for (const [index, partition] of partitions.entries()) {
    const report = yield* partition.checkInside(session);
    for (const problem of report.problems) problems.push(`partition ${index}: ${problem}`);
    if (!report.ok) continue;
    const places = new KeyPlaces(index, partitions.length);
    yield* partition.scanInside(session, {}, places);
    if (places.astray > 0) problems.push(places.problem);
  }
  const listed = problems.slice(0, PROBLEMS_MAX);
  return { ok: problems.length === 0, problems: listed };
}

/** Counts the keys that are in the wrong partition. */
export class KeyPlaces implements RowSink {
  readonly wantsValues = false;
  readonly #index: number;
  readonly #partitions: number;
  #astray = 0;
  #example = "";

  constructor(index: number, partitions: number) {
    this.#index = index;
    this.#partitions = partitions;
  }

  get astray(): number {
    return this.#astray;
  }

  /** What is wrong. Requires: a key is astray. */
  get problem(): string {
    const which = this.#astray === 1 ? "1 key is" : `${this.#astray} keys are`;
    return `partition ${this.#index}: ${which} in the wrong partition, ${this.#example}`;
  }

  row(key: Uint8Array): void {
    const right = partitionOfKey(key, this.#partitions);
    if (right === this.#index) return;
    if (this.#astray === 0) {
      const hex = [...key].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      this.#example = `as 0x${hex}, which belongs in partition ${right}`;
    }
    this.#astray++;
  }
}
