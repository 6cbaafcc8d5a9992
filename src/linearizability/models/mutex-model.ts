import {
  anyState,
  type Call,
  isBoolean,
  isBooleanOrNull,
  isUninformative,
  type Model,
  refused,
  unknownCall,
  wrongAnswer,
} from "./model.ts";
import { refuseUnlessWhole } from "./option-values.ts";

/**
 * A mutex: `acquire` and `release`. They answer true or null if they did it; false means that it
 * was not available. Any other answer is a fault.
 */
export function mutex(): Model {
  return anyState<unknown>({
    name: "mutex",
    initial: false,
    step: (held, call) => {
      const wants = call.f === "acquire";
      if (refused(call)) return held === wants ? [held] : [];
      return held === wants ? [] : [wants];
    },
    fault: (call) => fault(call, isBooleanOrNull),
    observes: refused,
    footprint: (call) => {
      const wants = call.f === "acquire";
      return refused(call) ? { needs: wants } : { needs: !wants, makes: wants };
    },
  });
}

function fault(call: Call, isRight: (answer: unknown) => boolean): string | null {
  return (
    unknownCall(call, ["acquire", "release"]) ?? wrongAnswer(call, isRight, "true, false or null")
  );
}

/**
 * A semaphore of `permits`: `acquire` and `release` of some of them, 1 if null. They answer as
 * those of a mutex do, or with the number of permits once more for true.
 *
 * @throws LatchworkError BAD_ARGUMENT if the number of permits is no whole number over 0.
 */
export function semaphore(permits: number = 1): Model {
  refuseUnlessWhole("semaphore", permits, 0);
  return anyState<number>({
    name: "semaphore",
    initial: permits,
    step: (free, call) => {
      const amount = call.input === null ? 1 : Number(call.input);
      const left = call.f === "acquire" ? free - amount : free + amount;
      const isPossible = left >= 0 && left <= permits;
      if (refused(call)) return isPossible ? [] : [free];
      return isPossible ? [left] : [];
    },
    fault: (call) => {
      const isAmount =
        call.input === null || (Number.isSafeInteger(call.input) && Number(call.input) > 0);
      if (isAmount)
        return fault(call, (answer) => isBoolean(answer) || isUninformative(call, answer));
      return `${call.f} of ${JSON.stringify(call.input)}: expected a whole number over 0`;
    },
    observes: refused,
  });
}
