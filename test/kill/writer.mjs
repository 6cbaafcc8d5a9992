// The process that gets killed: many writers at once on one database, each with keys of its own.
// Before each operation it says what it is about to do, and afterwards that it was acknowledged,
// through a pipe, so that what was said outlives it. One line each:
//   begin WRITER NUMBER KEY=VALUE,KEY=        (an empty value: deleted)
//   ack WRITER NUMBER
import { writeSync } from "node:fs";
import { open } from "../../dist/database/index.js";
import { createPrng } from "../../dist/task/index.js";

const [directory, optionsText, seed, firstNumberText] = process.argv.slice(2);
const { writers, keysEach, ...options } = JSON.parse(optionsText);
const firstNumber = Number(firstNumberText);

function say(line) {
  writeSync(1, `${line}\n`);
}

async function write(database, writer) {
  const prng = createPrng(`${seed}/${writer}`);
  for (let number = firstNumber; ; number++) {
    const key = `${writer}-${prng.below(keysEach)}`;
    const value = `${number}-${"x".repeat(prng.below(120))}`;
    const roll = prng.below(10);
    if (roll < 6) {
      say(`begin ${writer} ${number} ${key}=${value}`);
      await database.put(key, value);
    } else if (roll < 8) {
      say(`begin ${writer} ${number} ${key}=`);
      await database.del(key);
    } else {
      const other = `${writer}-${prng.below(keysEach)}`;
      if (other === key) continue;
      say(`begin ${writer} ${number} ${key}=${value},${other}=`);
      await database.batch([
        { type: "put", key, value },
        { type: "del", key: other },
      ]);
    }
    say(`ack ${writer} ${number}`);
  }
}

const database = await open(directory, options);
say("open");
await Promise.all(Array.from({ length: writers }, (_, writer) => write(database, writer)));
