// Kills this very process at one of its file operations, so that it dies just there and not where
// a timer happens to strike: in the midst of a checkpoint, of a rotation, of a block's write.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What changes files or makes them durable. */
const CALLS = ["open", "write", "writev", "fdatasync", "fsync", "ftruncate", "rename", "unlink"];
/** Whether the process dies before the call, halfway through a write, or right after it. */
export const MOMENTS = ["before", "amid", "after"];

/** Lets the process live for so many more calls. Null: for ever. */
let left = null;

/** @param {{ number: number, moment: string }} fate */
export function dieAtCall({ number, moment }) {
  left = number;
  for (const name of CALLS) {
    const call = fs[name];
    fs[name] = (...args) => {
      if (name === "open" && args[1] === "r") return call(...args);
      if (left-- !== 0) return call(...args);
      if (moment === "after") return call(...args.slice(0, -1), die);
      if (moment === "amid" && name === "write") writeHalf(args);
      if (moment === "amid" && name === "writev") writeHalfOfFirst(args);
      return die();
    };
  }
  syncBuiltinESMExports();
}

function writeHalf([descriptor, bytes, from, length, position]) {
  fs.writeSync(descriptor, bytes, from, length >> 1, position);
}

/** Of several buffers that are written in a row, the first by half. */
function writeHalfOfFirst([descriptor, [first], position]) {
  fs.writeSync(descriptor, first, 0, first.length >> 1, position);
}

function die() {
  process.kill(process.pid, "SIGKILL");
}
