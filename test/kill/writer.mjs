// The process that gets killed: many writers at once on one database, each with keys of its own.
// Before each operation it says what it is about to do, and afterwards that it was acknowledged,
// through a pipe, so that what was said outlives it. One line each:
//   start                                      about to open
//   open
//   begin WRITER NUMBER KEY=VALUE,KEY=         an empty value: deleted
//   ack WRITER NUMBER
//   wrong TEXT                                 a read that was not what was acknowledged
import { writeSync } from "node:fs";
import { open } from "../../dist/level/index.js";
import { createPrng } from "../../dist/task/index.js";
import { dieAtCall } from "./fatal-call.mjs";

/** What is to be done comes as the only argument; see `runAndKill` in children.mjs. */
const order = JSON.parse(process.argv[2]);
const { directory, options, seed, firstNumber, load, fate, isIdle } = order;

function say(line) {
  writeSync(1, `${line}\n`);
}

/** One writer, which alone writes its keys: what it reads has to be what it wrote. */
async function write(database, writer) {
  const prng = createPrng(`${seed}/${writer}`);
  const known = new Map();
  const anyKey = () => `${writer}-${prng.below(load.keysEach)}`;
  for (let number = firstNumber; ; number++) {
    const key = anyKey();
    const value = `${number}-${"x".repeat(prng.below(load.valueBytes))}`;
    const roll = prng.below(20);
    if (roll === 0 && known.has(key)) {
      await compare(database, key, known.get(key));
      continue;
    }
    const pairs = [[key, roll < 12 ? value : ""]];
    if (roll > 16) {
      const other = anyKey();
      if (other === key) continue;
      pairs.push([other, roll === 19 ? `${number}-` : ""]);
    }
    say(`begin ${writer} ${number} ${pairs.map(([at, text]) => `${at}=${text}`).join(",")}`);
    await change(database, pairs, roll);
    say(`ack ${writer} ${number}`);
    for (const [at, text] of pairs) known.set(at, text === "" ? undefined : text);
  }
}

async function compare(database, key, right) {
  const found = await database.get(key);
  if (found !== right) say(`wrong ${key} is ${found}, and it was made ${right}`);
}

function change(database, pairs, roll) {
  const [[key, value]] = pairs;
  if (pairs.length === 1 && value !== "") return database.put(key, value);
  if (pairs.length === 1 && roll < 16) return database.del(key);
  return database.batch(
    pairs.map(([at, text]) =>
      text === "" ? { type: "del", key: at } : { type: "put", key: at, value: text },
    ),
  );
}

if (fate?.since === "start") dieAtCall(fate);
say("start");
const opening = open(directory, options);
if (order.chdirTo !== undefined) process.chdir(order.chdirTo);
const database = await opening;
if (fate?.since === "open") dieAtCall(fate);
say("open");
if (isIdle) setInterval(() => {}, 1_000);
else if (order.closesAfterMs === undefined) await writeAll();
else {
  void writeAll().catch(() => {});
  setTimeout(() => void database.close().then(() => process.exit(0)), order.closesAfterMs);
}

function writeAll() {
  const { writers } = load;
  return Promise.all(Array.from({ length: writers }, (_, writer) => write(database, writer)));
}
