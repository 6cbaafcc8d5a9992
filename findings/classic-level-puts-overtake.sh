#!/usr/bin/env bash
# classic-level: puts of one key that are called in order, and not awaited, may take effect in
# another order.
#
# Guess before running: LevelDB lets writers queue for its log, and one process calls them one after
# the other, so the value of the last call stays. Only the promises may be kept in another order.
#
# Found with classic-level 3.0.0 (LevelDB 1.20) on Node 20.20.2, Linux: each call is a job of its own
# in libuv's pool of four threads, and LevelDB's queue begins only inside the job. In 9 to 26 of 100
# rounds of ten puts one of the first nine stayed (two cores, busy), and a get that was called after the
# ten saw an earlier one in 40 to 75. memory-level 3.1.0, and the documentation of abstract-level,
# give no hint of it. What helps: await each, put them into one batch, or chain calls by key.
#
# Exits 1 if no round of 3,000 ends with another value than the last.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund classic-level@3.0.0 memory-level@3.1.0 >/dev/null
cat >order.mjs <<'JS'
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";

const ROUNDS = 3_000;

async function overtaken(db) {
  await db.open();
  let ended = 0;
  let seen = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const puts = Array.from({ length: 10 }, (_, index) => db.put("key", String(index)));
    const get = db.get("key");
    await Promise.all(puts);
    if ((await db.get("key")) !== "9") ended++;
    if ((await get) !== "9") seen++;
  }
  await db.close();
  return { ended, seen };
}

const classic = await overtaken(new ClassicLevel("db"));
const memory = await overtaken(new MemoryLevel());
const line = (name, { ended, seen }) =>
  `${name}: ${ended} of ${ROUNDS} rounds ended with an earlier value; ${seen} gets saw one`;
console.log(line("classic-level", classic));
console.log(line("memory-level", memory));
process.exit(classic.ended > 0 && memory.ended === 0 ? 0 : 1);
JS
node order.mjs
