import { casRegister, kvMap, register } from "../../src/linearizability/index.ts";
import type { Drawing } from "./random-history.ts";

/** Calls of a register in which every write has a value of its own, as a drawing for one history. */
export function uniqueDrawing(kind: "register" | "cas-register" | "kv"): Drawing {
  let written = 0;
  const name = `unique ${kind}`;
  const [read, write] = kind === "kv" ? ["get", "put"] : ["read", "write"];
  const model = { register, "cas-register": casRegister, kv: kvMap }[kind]();
  return {
    name,
    model,
    draw: (prng) => {
      const key = kind === "kv" ? (prng.below(2) === 0 ? "a" : "b") : null;
      const chance = prng.below(10);
      if (chance < 5) return { f: read, key, input: null };
      if (chance < 8 || kind === "register") return { f: write, key, input: ++written };
      // From the first value, or from one that was written a little before.
      const from = prng.below(4) === 0 ? null : Math.max(1, written - prng.below(3));
      return { f: "cas", key, input: [from, ++written] };
    },
    answers: ({ f, input }) => {
      if (f === "cas") return [true, false];
      if (f === write) return [input];
      return [null, ...Array.from({ length: written + 1 }, (_, i) => i + 1)];
    },
  };
}
