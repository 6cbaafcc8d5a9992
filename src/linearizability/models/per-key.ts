import { anyState, type Call, jsonKey, type Model } from "./model.ts";

type Objects = readonly (readonly [key: string, state: unknown])[];

/**
 * One object for each key, of a model that does not know keys: `one` then describes the operations
 * on each key, which are checked by themselves. Jepsen calls such histories independent.
 */
export function perKey(one: Model): Model {
  return anyState<Objects>({
    name: `${one.name} per key`,
    initial: [],
    step: (objects, call) => {
      const key = keyOf(call);
      const at = objects.findIndex(([name]) => name >= key);
      const found = at < 0 ? undefined : objects[at];
      const isThere = found?.[0] === key;
      const begin = at < 0 ? objects.length : at;
      return one
        .step(isThere ? found[1] : one.initial, call)
        .map((next) => objects.toSpliced(begin, isThere ? 1 : 0, [key, next]));
    },
    fault: (call) => (call.key === null ? `${call.f} without a key` : (one.fault?.(call) ?? null)),
    stateKey: (objects) =>
      JSON.stringify(objects.map(([key, state]) => [key, one.stateKey?.(state) ?? jsonKey(state)])),
    uninformative: (call) => one.uninformative?.(call) ?? null,
    observes: (call) => one.observes?.(call) ?? false,
    partition: { one, keyOf },
  });
}

function keyOf(call: Call): string {
  return call.key ?? "";
}
