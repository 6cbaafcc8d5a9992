import { MODEL_NAMES } from "../linearizability/index.ts";

/** What each model reads, for the help. */
const READS: Readonly<Record<string, string>> = {
  register: "read, write",
  "cas-register": "read, write, cas [from, to]",
  "knossos-cas-register": "the same from 0; a read of nil agrees with any value",
  kv: "get, put, insert, delete, cas, append, scan, scan-back; by key",
  "kv-append": 'the same; an absent key holds "", as in porcupine-kv files',
  set: "add, remove, contains, read",
  counter: "add, subtract, read",
  queue: "enqueue, dequeue; first in, first out",
  stack: "push, pop",
  mutex: "acquire, release",
  semaphore: "acquire, release of some permits",
  "multi-register": "txn of [read or write, name, value] at one moment",
};

/** All models, a line each. */
export function modelsHelp(): string {
  const width = Math.max(...MODEL_NAMES.map(({ length }) => length));
  return MODEL_NAMES.map((name) => `  ${name.padEnd(width)}  ${READS[name] ?? ""}\n`).join("");
}
