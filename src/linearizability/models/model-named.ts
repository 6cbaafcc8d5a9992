import { LatchworkError } from "../../task/index.ts";
import { counter, fifoQueue, setModel, stack } from "./collections.ts";
import { kvMap } from "./kv-map.ts";
import type { Model } from "./model.ts";
import { multiRegister } from "./multi-register.ts";
import { mutex, semaphore } from "./mutex.ts";
import { casRegister, register } from "./register.ts";

const MAKERS: ReadonlyMap<string, () => Model> = new Map([
  ["register", () => register()],
  ["cas-register", () => casRegister()],
  ["knossos-cas-register", () => casRegister({ initial: 0, nullReads: "wildcard" })],
  ["kv", () => kvMap()],
  ["kv-append", () => kvMap({ initial: "" })],
  ["set", () => setModel()],
  ["counter", () => counter()],
  ["queue", () => fifoQueue()],
  ["stack", () => stack()],
  ["mutex", () => mutex()],
  ["semaphore", () => semaphore()],
  ["multi-register", () => multiRegister()],
]);

/** The names {@link modelNamed} knows. */
export const MODEL_NAMES: readonly string[] = [...MAKERS.keys()];

/**
 * Makes the model of that name, with its usual options.
 *
 * @throws LatchworkError UNKNOWN_NAME if there is none.
 */
export function modelNamed(name: string): Model {
  const make = MAKERS.get(name);
  if (make !== undefined) return make();
  throw new LatchworkError(
    "UNKNOWN_NAME",
    `no model is called ${JSON.stringify(name)}: expected one of ${MODEL_NAMES.join(", ")}`,
  );
}
