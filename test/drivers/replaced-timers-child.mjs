// A database in a process whose global timers and clocks are replaced before it is imported, as the setup
// files of a test suite do. Prints how many puts were acknowledged.
import { writeSync } from "node:fs";

const [database, directory] = process.argv.slice(2);

const real = { setTimeout, exit: process.exit.bind(process) };
const dead = () => ({ ref() {}, unref() {}, refresh() {} });
for (const name of ["setTimeout", "setImmediate", "setInterval"]) globalThis[name] = dead;
globalThis.queueMicrotask = () => {};
globalThis.performance = { now: () => 0 };
globalThis.Date = { now: () => 0 };
process.hrtime = () => [0, 0];

// Written at once, so that it is known even of a process that had to be killed.
const stage = (name) => writeSync(2, `${name}\n`);
let count = 0;
real.setTimeout(() => {
  console.log(`stuck after ${count}`);
  real.exit(1);
}, 20_000);
stage("importing");
const { open } = await import(database);
stage("opening");
const level = await open(directory, { commitPolicy: "window:1", checkpointBytes: 100_000 });
stage("putting");
await Promise.all(
  Array.from({ length: 10 }, async (_, task) => {
    for (let i = 0; i < 100; i++) {
      await level.put(`${task} ${i}`, "value");
      count++;
    }
  }),
);
stage("closing");
await level.close();
console.log(`${count} acknowledged`);
real.exit(0);
