/** What a value's name is made of: run, client, number and the size of its body in bytes. */
const NAME = /^r(\d+)-\d+-\d+-(\d+)$/;
const PADDING = ".";
/** How much of a body that is none of ours stands in the history. */
const SHOWN_BYTES = 64;

/**
 * The name of a value: no other value has it, so that a read says which write it saw.
 *
 * @param run Has to be another one than that of any value that is there.
 * @param size How many bytes its body has; more if the name alone is longer.
 */
export function valueName(run: number, client: number, number: number, size: number): string {
  const name = `r${run}-${client}-${number}`;
  // The size is part of the name, and so of the length of the name.
  const least = name.length + 1 + String(size).length;
  return `${name}-${Math.max(size, least)}`;
}

/** The number of the run that put a value; -1 if none of ours did. */
export function runOf(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? -1);
}

/** The bytes that are put for a name: the name, padded to its size. */
export function bodyOf(name: string): Buffer {
  const size = Number(NAME.exec(name)?.[2] ?? name.length);
  return Buffer.from(name.padEnd(size, PADDING), "latin1");
}

/**
 * The name of the value that a body is, for the history. A body that was never put, because it was
 * cut short or mixed up with another, gets a name that no value has, so that it explains nothing.
 */
export function nameIn(body: Buffer): string {
  const text = body.toString("latin1");
  const end = text.indexOf(PADDING);
  const name = end < 0 ? text : text.slice(0, end);
  if (NAME.test(name) && bodyOf(name).equals(body)) return name;
  return `not ours (${body.length} bytes): ${text.slice(0, SHOWN_BYTES)}`;
}
