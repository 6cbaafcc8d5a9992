// Ways in which files go bad. Each damage works on a copy of a database's directory and tells what
// it did, or null if it found nothing to do it to.
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pick } from "./setups.mjs";

const SECTOR_BYTES = 512;

/** Changes single bytes; never to what they were. */
function flipBytes(bytes, prng) {
  if (bytes.length === 0) return null;
  const places = Array.from({ length: 1 + prng.below(8) }, () => prng.below(bytes.length));
  for (const at of places) bytes[at] ^= 1 + prng.below(255);
  return { bytes, what: `bytes changed at ${places.join(", ")}` };
}

function overwriteSectors(bytes, prng, byte) {
  if (bytes.length === 0) return null;
  const sectors = Math.ceil(bytes.length / SECTOR_BYTES);
  const first = prng.below(sectors);
  const count = Math.min(1 + prng.below(4), sectors - first);
  const end = Math.min((first + count) * SECTOR_BYTES, bytes.length);
  for (let at = first * SECTOR_BYTES; at < end; at++) bytes[at] = byte();
  return { bytes, what: `sectors ${first} to ${first + count - 1} overwritten` };
}

const IN_FILE = {
  flip: flipBytes,
  zero: (bytes, prng) => overwriteSectors(bytes, prng, () => 0),
  garbage: (bytes, prng) => overwriteSectors(bytes, prng, () => prng.below(256)),
  truncate: (bytes, prng) => {
    if (bytes.length === 0) return null;
    const length = prng.below(bytes.length);
    return { bytes: bytes.subarray(0, length), what: `cut to ${length} of ${bytes.length} bytes` };
  },
  extend: (bytes, prng) => {
    const tail = Uint8Array.from({ length: 1 + prng.below(9000) }, () => prng.below(256));
    return { bytes: Buffer.concat([bytes, tail]), what: `${tail.length} bytes of noise appended` };
  },
};

/** What a disk does that writes to the wrong place: one page's bytes in the place of another. */
function misplacePage({ directory, pageSize, prng }) {
  const path = join(directory, "pages");
  const bytes = readFileSync(path);
  const pages = Math.floor(bytes.length / pageSize);
  const [from, to] = [prng.below(pages), prng.below(pages)];
  if (from === to) return null;
  bytes.copyWithin(to * pageSize, from * pageSize, (from + 1) * pageSize);
  writeFileSync(path, bytes);
  return { file: "pages", what: `page ${from} also in the place of page ${to}` };
}

/** What a disk does that loses a write: one page, or some of its sectors, as it once was. */
function loseWrite({ directory, oldPages, pageSize, prng }) {
  const path = join(directory, "pages");
  const [bytes, old] = [readFileSync(path), readFileSync(oldPages)];
  const unit = pick(prng, [pageSize, SECTOR_BYTES]);
  const units = Math.floor(Math.min(bytes.length, old.length) / unit);
  const places = Array.from({ length: units }, (_, index) => index).filter(
    (index) => !same(bytes, old, index * unit, unit),
  );
  if (places.length === 0) return null;
  const at = pick(prng, places) * unit;
  old.copy(bytes, at, at, at + unit);
  writeFileSync(path, bytes);
  return { file: "pages", what: `${unit} bytes at ${at} as they were once`, isStale: true };
}

function same(a, b, at, length) {
  return a.subarray(at, at + length).equals(b.subarray(at, at + length));
}

function takeOldPages({ directory, oldPages }) {
  copyFileSync(oldPages, join(directory, "pages"));
  return { file: "pages", what: "replaced by an older copy", isStale: true };
}

function removeFile({ directory, prng }) {
  const file = pick(prng, readdirSync(directory));
  rmSync(join(directory, file));
  return { file, what: "removed" };
}

function damageFile({ directory, prng }) {
  const names = readdirSync(directory);
  const logs = names.filter((name) => name.startsWith("log-"));
  const others = names.filter((name) => name !== "pages" && !name.startsWith("log-"));
  const file = pick(prng, [
    ...Array.from({ length: 4 }, () => "pages"),
    ...Array.from({ length: 4 }, () => pick(prng, logs)),
    pick(prng, others),
  ]);
  const path = join(directory, file);
  const kind = pick(prng, Object.keys(IN_FILE));
  if (!existsSync(path)) return null;
  const damaged = IN_FILE[kind](readFileSync(path), prng);
  if (damaged === null) return null;
  writeFileSync(path, damaged.bytes);
  return { file, what: damaged.what };
}

/**
 * Damages a directory.
 *
 * @returns `{ file, what, isStale? }`: stale is what was right once, checksum and all.
 */
export function damage(target) {
  const kinds = [
    ...Array.from({ length: 8 }, () => damageFile),
    misplacePage,
    loseWrite,
    takeOldPages,
    removeFile,
  ];
  for (;;) {
    const done = pick(target.prng, kinds)(target);
    if (done !== null) return done;
  }
}
