import { LatchworkError, mustBeThere } from "../task/index.ts";
import { callOut } from "./call-out.ts";
import { type Failure, failureFromError } from "./failure.ts";

/** Makes the last checks of a program whose run went well so far; null if all is well. */
export function failureAtEnd(finish: () => Failure | null): Failure | null {
  try {
    const failure = callOut(finish);
    mustBeThere("program: finish", failure, "what takes its time goes into finishAsync");
    return failure ?? null;
  } catch (error) {
    // A fault of what was asked for is no failure of the program.
    if (error instanceof LatchworkError) throw error;
    return failureFromError(error, null);
  }
}
