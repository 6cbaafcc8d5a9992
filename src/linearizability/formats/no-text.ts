interface Kind {
  /** The bytes with which such a file begins. */
  readonly magic: readonly number[];
  /** What is wrong with it, and what would be right. */
  readonly said: string;
}

const unpack = (name: string): string => `compressed with ${name}; unpack it first, or use gzip`;
const utf16 = "UTF-16; write the file as UTF-8";

/** Files that are taken for histories by mistake, and how they begin. */
const KINDS: readonly Kind[] = [
  {
    magic: [0x4a, 0x45, 0x50, 0x53, 0x45, 0x4e],
    said: "Jepsen's binary store; the same run has its history as text, in history.edn beside it",
  },
  { magic: [0xff, 0xfe], said: utf16 },
  { magic: [0xfe, 0xff], said: utf16 },
  { magic: [0x1f, 0x8b], said: "compressed with gzip; unpack it first" },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], said: unpack("zstd") },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], said: unpack("xz") },
  { magic: [0x42, 0x5a, 0x68], said: unpack("bzip2") },
  { magic: [0x50, 0x4b, 0x03, 0x04], said: "a zip archive; unpack it first" },
];

/** How many bytes of a file are enough to recognize it. */
export const MAGIC_LENGTH_MAX: number = Math.max(...KINDS.map(({ magic }) => magic.length));

/** Says what a file is that is not text, by its first bytes; null of any other. */
export function noTextByMagic(head: Uint8Array): string | null {
  return KINDS.find(({ magic }) => magic.every((byte, i) => head[i] === byte))?.said ?? null;
}

/** Whether a text has what stands for bytes that are no UTF-8, or the byte 0, which no text has. */
export function isBinary(text: string): boolean {
  return text.includes("\ufffd") || text.includes("\0");
}
