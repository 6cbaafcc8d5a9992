// Measures what a page in memory takes beside its bytes: the heap with many pages in it, less the
// heap with few. Usage: node --expose-gc pool-memory-child.mjs DIRECTORY; prints JSON.
import { open } from "../../dist/level/index.js";

const directory = process.argv[2];
const [few, many] = [500, 3_500];
const measured = [];
let last = {};
for (const poolPages of [few, few, many]) {
  const level = await open(directory, { poolPages });
  for await (const key of level.keys()) if (key === "") break;
  const keys = await level.keys({ limit: 2_000 }).all();
  for (const key of keys) await level.put(key, "w".repeat(50));
  gc();
  gc();
  const { resident, framesMax } = level.stats().pool;
  measured.push({ resident, heap: process.memoryUsage().heapUsed });
  last = { framesMax: few, latches: level.stats().latches };
  if (poolPages === many) last.framesMax = framesMax;
  await level.close();
}
const [, before, after] = measured;
const bytesAPage = (after.heap - before.heap) / (after.resident - before.resident);
process.stdout.write(JSON.stringify({ bytesAPage, ...last }));
