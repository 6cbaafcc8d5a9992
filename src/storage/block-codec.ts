/**
 * A way to store bytes shorter than they are. It does its work at once, so it is meant for writers
 * in the background, and for readers whose blocks are small.
 */
export interface BlockCodec {
  /** Which way it is, in files: from 1 to 255, the same for ever. */
  readonly code: number;
  readonly pack: (bytes: Uint8Array) => Uint8Array;
  /**
   * The bytes that were packed, `length` of them. Throws anything, or gives another length, if it
   * cannot.
   */
  readonly unpack: (packed: Uint8Array, length: number) => Uint8Array;
}
