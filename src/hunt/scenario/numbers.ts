// Scenarios speak of small whole numbers; the tree of bytes. Four bytes, big-endian, so that the
// order of the bytes is the order of the numbers.

/** Bytes of a scenario's number. */
export const NUMBER_BYTES = 4;

/** The largest number that a scenario may use as a key or a value. */
export const NUMBER_MAX = 0xffff_ffff;

/** The bytes of a scenario's number. */
export function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(NUMBER_BYTES);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** The number that {@link bytesOf} wrote at the start of `bytes`. No allocation. */
export function numberOf(bytes: Uint8Array): number {
  let number = 0;
  for (let i = 0; i < NUMBER_BYTES; i++) number = number * 256 + (bytes[i] ?? 0);
  return number;
}
