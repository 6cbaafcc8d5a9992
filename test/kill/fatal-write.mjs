// Loaded before the command, with NODE_OPTIONS=--import: kills the process at one of the calls by
// which it writes a whole file, so that it dies just there and not where a timer happens to strike.
// FATAL_WRITE says which, as `{"call":"renameSync","number":2,"moment":"before"}`: the second such
// call, before it, halfway through what it writes, or right after it.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const text = process.env["FATAL_WRITE"];
if (text !== undefined && isMainThread) dieAt(JSON.parse(text));

function dieAt({ call: name, number, moment }) {
  const call = fs[name];
  let left = number;
  fs[name] = (...args) => {
    const [, body] = args;
    if (--left !== 0) return call(...args);
    if (moment === "after") call(...args);
    if (moment === "amid") call(args[0], body.slice(0, body.length >> 1));
    return process.kill(process.pid, "SIGKILL");
  };
  syncBuiltinESMExports();
}
