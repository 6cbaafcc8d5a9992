import { LatchworkError, mustBeThere } from "../task/index.js";
import { callOut } from "./call-out.js";
import { failureFromError } from "./failure.js";
/** Makes the last checks of a program whose run went well so far; null if all is well. */
export function failureAtEnd(finish) {
    try {
        const failure = callOut(finish);
        mustBeThere("program: finish", failure, "what takes its time goes into finishAsync");
        return failure ?? null;
    }
    catch (error) {
        // A fault of what was asked for is no failure of the program.
        if (error instanceof LatchworkError)
            throw error;
        return failureFromError(error, null);
    }
}
