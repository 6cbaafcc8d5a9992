import type { Protocol } from "../../btree/index.ts";
import { RECLAMATIONS } from "../../storage/index.ts";
import { disown, inWords, LatchworkError } from "../../task/index.ts";

const OPERATIONS = ["get", "put", "insert", "delete", "scan"] as const;
const METHODS = [...OPERATIONS, "latchOrder", "coveringLatch"] as const;

/**
 * Checks a protocol of one's own for what the compiler sees and JavaScript does not.
 *
 * @throws LatchworkError BAD_SCENARIO in one line that says what is missing.
 */
export function mustBeProtocol(given: Protocol): void {
  const protocol: unknown = given;
  if (typeof protocol !== "object" || protocol === null) {
    disown(protocol);
    const hint = typeof protocol === "function" ? "; make one with new" : "";
    throw bad(`expected an object, found ${inWords(protocol)}${hint}`);
  }
  if (typeof given.name !== "string") throw bad(`its name is ${inWords(given.name)}, no text`);
  const missing = METHODS.find((method) => typeof given[method] !== "function");
  if (missing !== undefined) {
    throw bad(`${given.name} has no ${missing}(); expected ${METHODS.join(", ")}`);
  }
  const promise: unknown = given.scanPromise;
  if (promise !== "atomic" && promise !== "per-key") {
    const found = inWords(promise);
    throw bad(`${given.name} has scanPromise ${found}; expected "atomic" or "per-key"`);
  }
  const { reclamation } = given;
  if (reclamation !== undefined && !RECLAMATIONS.includes(reclamation)) {
    const expected = RECLAMATIONS.map((policy) => `"${policy}"`).join(" or ");
    throw bad(`${given.name} has reclamation ${inWords(reclamation)}; expected ${expected}`);
  }
}

function bad(what: string): LatchworkError {
  return new LatchworkError("BAD_SCENARIO", `a protocol of one's own: ${what}`);
}
