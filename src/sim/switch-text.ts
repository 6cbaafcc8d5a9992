import { intentOf } from "../task/index.ts";
import type { SeenOption } from "./choice-record.ts";
import type { DecisiveSwitch } from "./decisive-switch.ts";

/**
 * The switch that matters, as a sentence: `step 1: b goes on to read total; if a goes on to write
 * total instead, the run goes well`.
 *
 * @param nameOf How tasks are called.
 * @param first What the first step is counted as.
 */
export function switchText(
  { step, taken, instead }: DecisiveSwitch,
  nameOf: (task: number) => string,
  first: number = 0,
): string {
  if (typeof taken === "number" || typeof instead === "number") {
    const drawn = typeof taken === "number" ? taken : 0;
    const other = typeof instead === "number" ? instead : 0;
    // It is drawn by the step before.
    const at = Math.max(step - 1, 0) + first;
    return `step ${at}: it draws ${drawn}; if it draws ${other} instead, the run goes well`;
  }
  const [does, other] = [taken, instead].map((one) => said(one, nameOf(one.task)));
  return `step ${step + first}: ${does ?? ""}; if ${other ?? ""} instead, the run goes well`;
}

function said({ fact, object }: SeenOption, name: string): string {
  if (fact === null) return `${name} starts`;
  return fact.kind === "crash" ? "the power fails" : `${name} goes on to ${intentOf(fact, object)}`;
}
