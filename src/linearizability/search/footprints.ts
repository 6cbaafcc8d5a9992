import type { FootprintColumns } from "./footprint-columns.ts";

/**
 * What the reductions of a search ask of an object that consists of registers: what its operations
 * need, make and leave. Values are numbers; NONE is no value.
 */
export interface Footprints {
  readonly keys: number;
  readonly columns: FootprintColumns;
  /** Of each key, the value it starts with. */
  readonly firstValues: Int32Array;
  /** The state under the name that it has from now on: values may have died since. */
  settled(state: number): number;
  /** True if `operation` overwrites whatever is there, and `hidden`'s value is then lost unseen. */
  hides(operation: number, hidden: number): boolean;
  /** True if the operation overwrites any state of its key, and no other asks only for "not x". */
  canHide(operation: number): boolean;
  /** True if the operation can happen in any state and leaves nothing of it. */
  isBlindWrite(operation: number): boolean;
  /** The value that is gone once `operation` is done in `state`; NONE if it changes none. */
  leftBy(state: number, operation: number): number;
  /** How many must still find `value`. */
  needersOf(value: number): number;
  /** How many can still make it. */
  makersOf(value: number): number;
  mustFind(operation: number, value: number): boolean;
  /** The value that an operation on one key must find; NONE if it asks for none. */
  neededBy(operation: number): number;
  /** True if the operation's key holds `value` in `state`. */
  holds(state: number, operation: number, value: number): boolean;
  canMake(operation: number, value: number): boolean;
  /** True if the operation is on a key marked in `marks`. */
  isOnMarked(operation: number, marks: Uint8Array): boolean;
  /** Marks the operation's keys; true if one of them was not marked before. */
  mark(operation: number, marks: Uint8Array): boolean;
}
