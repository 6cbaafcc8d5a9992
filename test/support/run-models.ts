import { type Call, type Footprint, kvMap, type Model } from "../../src/linearizability/index.ts";

/** The map of the engine: a put also answers whether its key is new, where that is known. */
export function treeMap(): Model {
  const map = kvMap();
  const { partition } = map;
  if (partition === undefined) return withPutAnswers(map);
  return withPutAnswers({
    ...map,
    partition: { ...partition, one: withPutAnswers(partition.one) },
  });
}

/**
 * The same, with `batch` of `[[key, value or null], ...]`: several puts and deletes at one moment.
 * Keys cannot be told apart then.
 */
export function batchMap(): Model {
  const map = treeMap();
  return {
    name: map.name,
    initial: map.initial,
    step: (state, call) =>
      call.f === "batch"
        ? writesOf(call).reduce<readonly unknown[]>(
            (states, write) => states.flatMap((each) => map.step(each, write)),
            [state],
          )
        : map.step(state, call),
    fault: (call) => (call.f === "batch" ? null : (map.fault?.(call) ?? null)),
    observes: (call) => call.f !== "batch" && map.observes?.(call) === true,
  };
}

function withPutAnswers(model: Model): Model {
  const footprint = (call: Call): Footprint | null => {
    const print = model.footprint?.(call) ?? null;
    const isNew = putAnswer(call);
    if (isNew === null || print === null) return print;
    return { ...print, ...(isNew ? { needs: null } : { avoids: null }) };
  };
  return {
    ...model,
    ...(model.footprint === undefined ? {} : { footprint }),
    step: (state, call) => {
      // An insert in its place would have answered the same.
      if (putAnswer(call) !== null && model.step(state, { ...call, f: "insert" }).length === 0) {
        return [];
      }
      return model.step(state, call);
    },
  };
}

/** Whether a put says that its key was new; null if it does not say. */
function putAnswer({ f, outcome, output }: Call): boolean | null {
  return f === "put" && outcome === "ok" && typeof output === "boolean" ? output : null;
}

function writesOf({ input }: Call): Call[] {
  const writes = input as readonly (readonly [string, unknown])[];
  return writes.map(([key, value]) => {
    const f = value === null ? "delete" : "put";
    return { f, key, input: value, output: null, outcome: "ok" };
  });
}
