import { lastMoment } from "../check-order.ts";
import { callOn, type CrashRule, isIdle } from "../divide.ts";
import type { History, Operation } from "../history.ts";
import {
  type Call,
  type Footprint,
  jsonKey,
  type Model,
  type Partition,
  sameJson,
} from "../models/index.ts";
import type { NotLinearizable } from "../verdict.ts";

/** What an operation asks of one key and leaves there; values as JSON. */
export interface KeyPrint extends Footprint {
  /** Index into {@link Subject.keys}. */
  readonly key: number;
}

/** One operation, as far as it bears on the object that cannot be explained. */
export interface Claim {
  /** The operation's id in the history. */
  readonly id: number;
  /** As the subject's model is asked. */
  readonly call: Call;
  readonly isRequired: boolean;
  /** True if it changes no state; and if it would not, whatever it answered. */
  readonly isObserver: boolean;
  readonly isLook: boolean;
  /** True if it looks at several keys, so that its line does not show plainly what it found. */
  readonly isScan: boolean;
  /** Order numbers of the events between which it takes effect, if it does; or no end. */
  readonly begins: number;
  readonly ends: number;
  /** With its answer, and without it; null if the object is not a register. */
  readonly prints: readonly KeyPrint[] | null;
  readonly forgotten: readonly KeyPrint[] | null;
}

/** What cannot be explained: the operations on the keys at fault, and their object. */
export interface Subject {
  /** Names of the keys; one without a name if the history was not cut up. */
  readonly keys: readonly (string | null)[];
  readonly model: Model;
  /** In the order of invocation. */
  readonly claims: readonly Claim[];
  /** What operations that failed, and so did not happen, would have left. */
  readonly failed: readonly KeyPrint[];
  /** What each key starts with. */
  readonly initial: unknown;
  /** True if every claim has prints. */
  readonly isRegisters: boolean;
  /** Crashes that may take away what had taken effect (rule `buffered`); else none. */
  readonly crashes: readonly number[];
  /** Order numbers of all crashes that are looked at. */
  readonly crashMoments: readonly number[];
}

/** Collects what a verdict is about. O(operations * keys at fault). */
export function subjectOf(
  history: History,
  model: Model,
  { keys }: Pick<NotLinearizable, "keys">,
  crash: CrashRule,
): Subject {
  const { partition } = model;
  const lens =
    partition === undefined || keys.length === 0
      ? wholeLens(model)
      : keys.length === 1
        ? keyLens(partition, keys[0] ?? "")
        : groupLens(model, partition, keys);
  const claims: Claim[] = [];
  const failed: KeyPrint[] = [];
  for (const operation of history.operations) {
    const call = lens.callOf(operation);
    if (call === null) continue;
    const isObserver = lens.model.observes?.(call) ?? false;
    if (operation.outcome === "fail")
      failed.push(...(lens.printsOf({ ...call, ...UNKNOWN }) ?? []));
    if (isIdle(operation, isObserver)) continue;
    claims.push({
      id: operation.id,
      call,
      isRequired: operation.outcome === "ok",
      isObserver,
      isScan: partition !== undefined && partition.keyOf(operation) === null,
      isLook: lens.model.observes?.({ ...call, ...UNKNOWN }) ?? false,
      begins: operation.invokedAt,
      ends: lastMoment(operation, history, crash),
      prints: lens.printsOf(call),
      forgotten: lens.printsOf({ ...call, ...UNKNOWN }),
    });
  }
  const isBuffered = crash === "buffered" && history.crashes.length > 0;
  return {
    keys: lens.keys,
    model: lens.model,
    claims,
    failed,
    initial: lens.initial,
    isRegisters: !isBuffered && claims.every(({ prints }) => prints !== null),
    crashes: isBuffered ? history.crashes : [],
    crashMoments: crash === "ignored" ? [] : history.crashes,
  };
}

/** A call of which it is unknown whether it happened, and what it answered. */
export const UNKNOWN = { outcome: "info", output: null } as const;

/** Identifies a value of a key. */
export function valueId(key: number, value: unknown): string {
  return `${key} ${typeof value} ${String(jsonKey(value))}`;
}

/** A view of a history: the object, and each operation as a call on it. */
interface Lens {
  readonly keys: readonly (string | null)[];
  readonly model: Model;
  readonly initial: unknown;
  /** Null for an operation that is not on this object. */
  callOf(operation: Operation): Call | null;
  printsOf(call: Call): readonly KeyPrint[] | null;
}

function wholeLens(model: Model): Lens {
  return {
    keys: [null],
    model,
    initial: model.initial,
    callOf: (operation) => operation,
    printsOf: (call) => onePrint(model, call, 0),
  };
}

/** Scans are gets of the one key. */
function keyLens(partition: Partition, key: string): Lens {
  const { one } = partition;
  return {
    keys: [key],
    model: one,
    initial: one.initial,
    callOf: (operation) => {
      const own = partition.keyOf(operation);
      if (own !== null) return own === key ? operation : null;
      if (operation.outcome !== "ok" || !touches(partition, operation, key)) return null;
      return callOn(partition, operation, key);
    },
    printsOf: (call) => onePrint(one, call, 0),
  };
}

/** Several keys that scans look at in one moment. */
function groupLens(model: Model, partition: Partition, keys: readonly string[]): Lens {
  const { one } = partition;
  const places = new Map(keys.map((key, place) => [key, place]));
  return {
    keys,
    model,
    initial: one.initial,
    callOf: (operation) => {
      const own = partition.keyOf(operation);
      if (own !== null) return places.has(own) ? operation : null;
      if (operation.outcome !== "ok") return null;
      return keys.some((key) => touches(partition, operation, key)) ? operation : null;
    },
    printsOf: (call) => {
      const own = partition.keyOf(call);
      if (own !== null) return onePrint(one, call, places.get(own) ?? 0);
      if (call.outcome !== "ok") return [];
      const prints: KeyPrint[] = [];
      for (const [place, key] of keys.entries()) {
        if (!touches(partition, call, key)) continue;
        const print = onePrint(one, partition.project?.(call, key) ?? call, place);
        if (print === null) return null;
        prints.push(...print);
      }
      return prints;
    },
  };
}

function touches(partition: Partition, call: Call, key: string): boolean {
  return (
    partition.covers?.(call, key) === true || partition.keysNamed?.(call).includes(key) === true
  );
}

/** A write of what must be there already, such as a cas from 2 to 2, changes nothing. */
function onePrint(model: Model, call: Call, key: number): readonly KeyPrint[] | null {
  const print = model.footprint?.(call) ?? null;
  if (print === null) return null;
  const { needs, makes } = print;
  const changesNothing = needs !== undefined && makes !== undefined && sameJson(needs, makes);
  return [changesNothing ? { needs, key } : { ...print, key }];
}
