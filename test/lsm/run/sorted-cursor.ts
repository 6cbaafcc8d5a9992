import * as fc from "fast-check";
import { compareEntries, type Cursor, type Entry } from "../../../src/lsm/index.ts";
import { runToCompletion, type Task } from "../../../src/task/index.ts";
import { keys, lineOf } from "./run-fixture.ts";

/** What a cursor has to be like: over an array. It also serves as a source of others. */
export class SortedCursor implements Cursor {
  readonly #entries: readonly Entry[];
  /** How many entries are before the place, and whether it is on the one behind them. */
  #before = 0;
  #isOn = false;

  constructor(list: readonly Entry[]) {
    this.#entries = list;
  }

  get entry(): Entry {
    const found = this.#entries[this.#before];
    if (!this.#isOn || found === undefined) throw new Error("not on an entry");
    return found;
  }

  *seek(key: Uint8Array | null, seq: number): Task<void> {
    this.#go(key === null ? 0 : this.#countBefore({ key, seq }));
  }

  *seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    const seq = isInclusive ? -1 : Number.MAX_SAFE_INTEGER;
    this.#go(key === null ? this.#entries.length : this.#countBefore({ key, seq }));
  }

  *next(): Task<boolean> {
    if (this.#isOn) this.#before++;
    this.#isOn = this.#before < this.#entries.length;
    return this.#isOn;
  }

  *previous(): Task<boolean> {
    this.#isOn = this.#before > 0;
    if (this.#isOn) this.#before--;
    return this.#isOn;
  }

  close(): void {}

  #go(before: number): void {
    this.#before = before;
    this.#isOn = false;
  }

  #countBefore(place: Pick<Entry, "key" | "seq">): number {
    return this.#entries.filter((one) => compareEntries(one, place) < 0).length;
  }
}

export type Move =
  | { readonly kind: "next" | "previous"; readonly times: number }
  | { readonly kind: "seek"; readonly key: Uint8Array | null; readonly seq: number }
  | { readonly kind: "seekBack"; readonly key: Uint8Array | null; readonly isInclusive: boolean };

const times = fc.integer({ min: 1, max: 8 });
const placeKeys = fc.option(keys, { freq: 8 });
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("next" as const), times }),
    fc.record({ kind: fc.constant("previous" as const), times }),
    fc.record({
      kind: fc.constant("seek" as const),
      key: placeKeys,
      seq: fc.oneof(fc.nat(14), fc.constant(Number.MAX_SAFE_INTEGER)),
    }),
    fc.record({
      kind: fc.constant("seekBack" as const),
      key: placeKeys,
      isInclusive: fc.boolean(),
    }),
  ),
  { maxLength: 25 },
);

/** What a cursor comes to on a way through what it is over. */
export function wayOf(cursor: Cursor, list: readonly Move[]): string[] {
  const lines: string[] = [];
  for (const move of list) {
    if (move.kind === "seek") runToCompletion(cursor.seek(move.key, move.seq));
    else if (move.kind === "seekBack") {
      runToCompletion(cursor.seekBack(move.key, move.isInclusive));
    } else {
      for (let i = 0; i < move.times; i++) {
        const isThere = runToCompletion(cursor[move.kind]());
        lines.push(`${move.kind}: ${isThere ? lineOf(cursor.entry) : "none"}`);
      }
    }
  }
  return lines;
}
