// A process that has a database open and does to it what it is told, over IPC: a method's name and
// its arguments. `fill` puts many at once and tells what became of each.
import { open } from "../../dist/level/index.js";

let database = null;

const own = {
  async open(directory, options) {
    database = await open(directory, options);
  },
  /** Gives the numbers that were acknowledged, and the codes of those that were not. */
  async fill(from, until, bytes) {
    const kept = [];
    const codes = new Set();
    const numbers = Array.from({ length: until - from }, (_, index) => from + index);
    await Promise.all(
      numbers.map(async (number) => {
        try {
          await database.put(`key ${number}`, valueOf(number, bytes));
          kept.push(number);
        } catch (error) {
          codes.add(error.code);
        }
      }),
    );
    return { kept: kept.toSorted((a, b) => a - b), codes: [...codes] };
  },
  /** Puts one after another, telling of each, until it is killed. */
  async writeForEver(from, bytes) {
    for (let number = from; ; number++) {
      await database.put(`key ${number}`, valueOf(number, bytes));
      process.send({ acknowledged: number });
    }
  },
  /** Which of these numbers do not have their value. */
  async missing(numbers, bytes) {
    const values = await database.getMany(numbers.map((number) => `key ${number}`));
    return numbers.filter((number, index) => values[index] !== valueOf(number, bytes));
  },
  /** Puts so many one after another; gives the codes of those that failed, first come first. */
  async outcomes(from, until, bytes) {
    const codes = [];
    for (let number = from; number < until; number++) {
      try {
        await database.put(`key ${number}`, valueOf(number, bytes));
        codes.push("ok");
      } catch (error) {
        codes.push(error.code);
      }
    }
    return codes;
  },
  /** Calls a method without arguments; gives the code of its error, or "ok". */
  async code(method) {
    return database[method]().then(
      () => "ok",
      (error) => error.code,
    );
  },
  async stats() {
    return database.stats();
  },
};

function valueOf(number, bytes) {
  return `value ${number}`.padEnd(bytes, ".");
}

// Else a file that may not grow ends the process, before any call could tell of it.
process.on("SIGXFSZ", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", (request) => void answer(request));

async function answer({ id, method, args }) {
  try {
    const run = own[method] ?? ((...given) => database[method](...given));
    process.send({ id, result: await run(...args) });
  } catch (error) {
    const { name, code, message } = error;
    process.send({ id, error: { name, code, message } });
  }
}
