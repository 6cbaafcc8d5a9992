import { anyState, type Model, refused, unknownCall } from "./model.ts";

/** A mutex: `acquire` and `release`. An answer of false means that it was not to be had. */
export function mutex(): Model {
  return anyState<unknown>({
    name: "mutex",
    initial: false,
    step: (held, call) => {
      const wants = call.f === "acquire";
      if (refused(call)) return held === wants ? [held] : [];
      return held === wants ? [] : [wants];
    },
    fault: (call) => unknownCall(call, ["acquire", "release"]),
    observes: refused,
    footprint: (call) => {
      const wants = call.f === "acquire";
      return refused(call) ? { needs: wants } : { needs: !wants, makes: wants };
    },
  });
}

/** A semaphore of `permits`: `acquire` and `release` of some of them, 1 if null. */
export function semaphore(permits: number = 1): Model {
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
      if (isAmount) return unknownCall(call, ["acquire", "release"]);
      return `${call.f} of ${JSON.stringify(call.input)}: expected a whole number over 0`;
    },
    observes: refused,
  });
}
