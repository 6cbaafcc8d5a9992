declare const latchIdBrand: unique symbol;
/** Names a latch: the id of the page it protects, or an id that the table's owner set apart. */
export type LatchId = number & { readonly [latchIdBrand]: true };

/** Brands a number as a latch's id. */
export function latchId(id: number): LatchId {
  return id as LatchId;
}
