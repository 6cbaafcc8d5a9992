// Bytes without garbage: nothing here allocates, so that a search down a tree does not either.

/** The byte at `index`. Requires: index < bytes.length; the cast says so to the compiler. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

/** Orders two keys as unsigned bytes, a prefix before what it begins: <0, 0 or >0. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = byteAt(a, i) - byteAt(b, i);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** How many leading bytes `a` and `b` share. */
export function commonPrefixLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && byteAt(a, i) === byteAt(b, i)) i++;
  return i;
}

/**
 * The shortest string that is above `below` and not above `atMost`: enough to separate two leaves.
 * Requires: below < atMost.
 */
export function shortestSeparator(below: Uint8Array, atMost: Uint8Array): Uint8Array {
  return atMost.slice(0, commonPrefixLength(below, atMost) + 1);
}

/** Orders `length` bytes of `view` at `at` against the bytes of `key` from `from` on. */
export function compareRange(
  view: DataView,
  at: number,
  length: number,
  key: Uint8Array,
  from: number,
): number {
  const keyLength = key.length - from;
  const shorter = length < keyLength ? length : keyLength;
  for (let i = 0; i < shorter; i++) {
    const order = view.getUint8(at + i) - byteAt(key, from + i);
    if (order !== 0) return order;
  }
  return length - keyLength;
}

/**
 * The first four bytes of `key` from `from` on as one big-endian number, zero where there are none.
 * Two different heads order as their keys do; equal heads decide nothing.
 */
export function headOfKey(key: Uint8Array, from: number): number {
  if (key.length - from >= 4) {
    const low = (byteAt(key, from + 1) << 16) | (byteAt(key, from + 2) << 8);
    return ((byteAt(key, from) << 24) | low | byteAt(key, from + 3)) >>> 0;
  }
  let head = 0;
  for (let i = from; i < from + 4; i++) head = (head << 8) | (i < key.length ? byteAt(key, i) : 0);
  return head >>> 0;
}

/** The same for `length` bytes of `view` at `at`. */
export function headOfRange(view: DataView, at: number, length: number): number {
  if (length >= 4) return view.getUint32(at, false);
  let head = 0;
  for (let i = 0; i < 4; i++) head = (head << 8) | (i < length ? view.getUint8(at + i) : 0);
  return head >>> 0;
}

/** Copies between two views without the subarray that `set` would need. The views must differ. */
export function copyRange(
  target: DataView,
  targetAt: number,
  source: DataView,
  sourceAt: number,
  length: number,
): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) target.setUint32(targetAt + i, source.getUint32(sourceAt + i));
  for (; i < length; i++) target.setUint8(targetAt + i, source.getUint8(sourceAt + i));
}

const FEW_BYTES = 64;

/** Copies `length` bytes of `source` from `from` to `target` at `at`. */
export function copyOut(
  source: Uint8Array,
  from: number,
  length: number,
  target: Uint8Array,
  at: number,
): void {
  if (length > FEW_BYTES) {
    target.set(source.subarray(from, from + length), at);
    return;
  }
  for (let i = 0; i < length; i++) target[at + i] = byteAt(source, from + i);
}

/** Puts a short run of bytes into `target` at `at`: a call of `set` costs more than to copy few. */
export function putBytes(target: Uint8Array, source: Uint8Array, at: number): void {
  if (source.length > FEW_BYTES) target.set(source, at);
  else for (let i = 0; i < source.length; i++) target[at + i] = byteAt(source, i);
}

/** As `bytes.copyWithin(to, from, end)`, which costs more than to move few. */
export function moveWithin(bytes: Uint8Array, to: number, from: number, end: number): void {
  const length = end - from;
  if (length > FEW_BYTES) bytes.copyWithin(to, from, end);
  else if (to < from) for (let i = 0; i < length; i++) bytes[to + i] = byteAt(bytes, from + i);
  else for (let i = length - 1; i >= 0; i--) bytes[to + i] = byteAt(bytes, from + i);
}

/** Orders two ranges of bytes as two keys. */
export function compareRanges(
  a: DataView,
  aAt: number,
  aLength: number,
  b: DataView,
  bAt: number,
  bLength: number,
): number {
  const shorter = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < shorter; i++) {
    const order = a.getUint8(aAt + i) - b.getUint8(bAt + i);
    if (order !== 0) return order;
  }
  return aLength - bLength;
}
