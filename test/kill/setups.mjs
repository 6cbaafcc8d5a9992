import { PROTOCOLS } from "../../dist/btree/index.js";
import { refuse } from "./command.mjs";
import { MOMENTS } from "./fatal-call.mjs";

export const POLICIES = ["each", "window:1", "immediate-when-alone", "adaptive"];
const WRITERS = 64;
/** By page size, so that the tree is several times the pool. */
const KEYS_EACH = { 512: 24, 1024: 40, 4096: 120 };
const POOL_PAGES = [8, 16, 64];

/** How the writer is told of the directory; in turn, like the protocols and the policies. */
export const PATHS = ["absolute", "relative", "relative, then chdir"];

export function protocolNames(only) {
  const names = PROTOCOLS.map(({ name }) => name);
  if (only === undefined) return names;
  if (names.includes(only)) return [only];
  return refuse(`there is no protocol ${only}; there are ${names.join(", ")}`);
}

/** What a directory keeps for life. */
export function drawLife(prng) {
  const pageSize = pick(prng, Object.keys(KEYS_EACH).map(Number));
  const valueBytes = Math.min(120, pageSize / 8);
  return { pageSize, load: { writers: WRITERS, keysEach: KEYS_EACH[pageSize], valueBytes } };
}

/** How it is opened in one round: small, so that everything happens often. */
export function drawOptions(prng, round, protocols) {
  return {
    // Protocols and policies in turn; their numbers have no common factor, so all pairs come.
    protocol: protocols[round % protocols.length],
    commitPolicy: POLICIES[round % POLICIES.length],
    readDurability: pick(prng, ["committed", "durable"]),
    poolPages: pick(prng, POOL_PAGES),
    segmentBytes: 1 << (13 + prng.below(5)),
    checkpointBytes: 1 << (14 + prng.below(6)),
  };
}

/** A kill of a process at work: by the clock, or at one of its file operations. */
export function drawKill(prng) {
  if (prng.below(3) > 0) {
    const fate = { since: "open", number: prng.below(600), moment: pick(prng, MOMENTS) };
    return { fate, kill: { since: "never", afterMs: 0 } };
  }
  return { fate: null, kill: { since: "open", afterMs: prng.below(120) } };
}

/** A kill of a process that opens, and so recovers; it writes nothing. */
export function drawKillOfOpening(prng) {
  if (prng.below(3) > 0) {
    const fate = { since: "start", number: prng.below(40), moment: pick(prng, MOMENTS) };
    return { fate, kill: { since: "open", afterMs: 0 } };
  }
  return { fate: null, kill: { since: "start", afterMs: prng.below(40) } };
}

export function pick(prng, choices) {
  return choices[prng.below(choices.length)];
}
