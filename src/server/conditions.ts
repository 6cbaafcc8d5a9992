import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";

/** Refuses conditions that are not kept: to ignore one would do what the client ruled out. */
export function refusesCondition(exchange: Exchange): boolean {
  const { headers } = exchange.request;
  const match = headers["if-none-match"];
  const isKept = match === undefined || (match === "*" && exchange.route === "insert");
  if (isKept && headers["if-match"] === undefined && headers["content-range"] === undefined) {
    return false;
  }
  exchange.refuse(BAD_CONDITION);
  return true;
}

const BAD_CONDITION = new Problem(
  400,
  "BAD_CONDITION",
  "the only condition that is kept is If-None-Match: * of a PUT, and a value is put whole",
);
