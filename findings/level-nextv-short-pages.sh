#!/usr/bin/env bash
# abstract-level: a page of `iterator.nextv(size)` that is shorter than asked for is not the last
# one with classic-level, while with memory-level it is.
#
# Guess before running: both packages implement one interface, so nextv(1000) over 5,000 rows gives
# five full pages and then an empty one with either; a short page means that the end is near.
#
# Found with classic-level 3.0.0 and memory-level 3.1.0: memory-level gives 1,000 rows a page.
# classic-level stops a page at 16 KiB of keys and values (its highWaterMarkBytes): 152 rows of 108
# bytes, 17 of 1,008 bytes, whatever was asked for. A loop that ends at the first short page passes
# its tests over memory-level and loses most of the rows over classic-level. Only an empty page
# means the end.
#
# Exits 1 if classic-level fills its pages, or memory-level does not.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund classic-level@3.0.0 memory-level@3.1.0
cat >try.mjs <<'JS'
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";

async function pagesOf(db, valueBytes) {
  const value = "x".repeat(valueBytes);
  const keys = Array.from({ length: 5_000 }, (_, i) => String(i).padStart(8, "0"));
  await db.batch(keys.map((key) => ({ type: "put", key, value })));
  const iterator = db.iterator();
  const sizes = [];
  for (;;) {
    const rows = await iterator.nextv(1_000);
    if (rows.length === 0) break;
    sizes.push(rows.length);
  }
  await iterator.close();
  return sizes;
}

const classic = new ClassicLevel("db");
const memory = new MemoryLevel();
console.log(`node ${process.version}, classic-level 3.0.0, memory-level 3.1.0`);
let isAsFound = true;
for (const valueBytes of [100, 1_000]) {
  const [a, b] = [await pagesOf(classic, valueBytes), await pagesOf(memory, valueBytes)];
  console.log(`values of ${valueBytes} bytes, nextv(1000): first page ${a[0]} rows and ${b[0]} rows`);
  const sum = a.reduce((total, size) => total + size, 0);
  isAsFound &&= a[0] < 1_000 && a.length > 5 && sum === 5_000 && b.join() === "1000,1000,1000,1000,1000";
}
await classic.close();
process.exit(isAsFound ? 0 : 1);
JS
node try.mjs
