import type {
  Call,
  CrashRule,
  History,
  Model,
  Operation,
} from "../../src/linearizability/index.ts";

/** An operation, the order numbers it lies between, and whether it has to happen. */
interface Window {
  readonly call: Call | null;
  readonly from: number;
  readonly to: number;
  readonly isRequired: boolean;
}

interface State {
  readonly live: unknown;
  /** What a crash keeps, under buffered durability. */
  readonly kept: unknown;
}

export interface BruteForceOptions {
  readonly crash: CrashRule;
  readonly scan: "atomic" | "per-key";
}

/** Tries every order of the operations: the definition of linearizability, and nothing clever. */
export function isLinearizableByForce(
  history: History,
  model: Model,
  { crash, scan }: BruteForceOptions,
): boolean {
  const windows = windowsOf(history, crash).flatMap((window) =>
    scan === "per-key" ? split(window, history, model) : [window],
  );
  if (crash === "buffered") {
    for (const at of history.crashes) {
      windows.push({ call: null, from: at, to: at + 0.5, isRequired: true });
    }
  }
  const required = windows.reduce((bits, { isRequired }, i) => bits | (isRequired ? 1 << i : 0), 0);
  const seen = new Set<string>();
  const search = (done: number, moment: number, state: State): boolean => {
    if ((done & required) === required) return true;
    const name = `${done} ${JSON.stringify(state)}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return windows.some(({ call, from, to }, i) => {
      if ((done & (1 << i)) !== 0 || to <= moment) return false;
      return statesAfter(state, call, model, crash === "buffered").some((next) =>
        search(done | (1 << i), Math.max(moment, from), next),
      );
    });
  };
  return search(0, -1, { live: model.initial, kept: model.initial });
}

function statesAfter(state: State, call: Call | null, model: Model, isBuffered: boolean): State[] {
  if (call === null) return [{ live: state.kept, kept: state.kept }];
  return model.step(state.live, call).flatMap((live) => {
    if (!isBuffered) return [{ live, kept: null }];
    return [
      { live, kept: state.kept },
      { live, kept: live },
    ];
  });
}

/** How long each operation may take effect; those that failed are left out. */
export function windowsOf({ operations, crashes }: History, crash: CrashRule): Window[] {
  return operations.flatMap((operation): Window[] => {
    const { outcome, invokedAt, returnedAt } = operation;
    if (outcome === "fail") return [];
    return [
      {
        call: operation,
        from: invokedAt,
        to: outcome === "ok" ? returnedAt : lastMoment(operation, crashes, crash),
        isRequired: outcome === "ok",
      },
    ];
  });
}

function lastMoment(operation: Operation, crashes: readonly number[], crash: CrashRule): number {
  const { outcome, invokedAt, returnedAt } = operation;
  if (crash === "ignored") return Number.POSITIVE_INFINITY;
  const cut = crashes.find((at) => at > invokedAt) ?? Number.POSITIVE_INFINITY;
  return crash === "strict" && outcome === "info" ? Math.min(cut, returnedAt) : cut;
}

/** A scan as scans of one key, each at a moment of its own, of every key of its range that anybody names. */
function split(window: Window, history: History, model: Model): Window[] {
  const { call } = window;
  if (call?.f === "read" && call.outcome === "ok" && model.name === "set") {
    return splitRead(window, call, history);
  }
  if (call === null || !call.f.startsWith("scan") || call.outcome !== "ok") return [window];
  const [low, high] = call.input as [string, string];
  const answer = call.output as [string, unknown][];
  const names = new Set<string>();
  for (const { key, f, output } of history.operations) {
    if (key !== null) names.add(key);
    else if (f.startsWith("scan") && Array.isArray(output)) {
      for (const [named] of output as [string, unknown][]) names.add(named);
    }
  }
  const inOrder = call.f === "scan" ? answer : answer.toReversed();
  const isBroken = inOrder.some(
    ([key], i) => key < low || key > high || (i > 0 && key <= (inOrder[i - 1]?.[0] ?? "")),
  );
  if (isBroken) return [{ ...window, call: { ...call, f: "get", key: "", output: "impossible" } }];
  return [...names]
    .filter((key) => low <= key && key <= high)
    .map((key) => {
      const output = answer.filter(([named]) => named === key);
      return { ...window, call: { ...call, input: [key, key], output } };
    });
}

/** A read of a whole set as one look at each element that anybody names. */
function splitRead(window: Window, call: Call, history: History): Window[] {
  const found = call.output as unknown[];
  const named = new Set(history.operations.map(({ input }) => input));
  for (const element of found) named.add(element);
  return [...named].map((element) => {
    const times = found.filter((each) => each === element).length;
    const output = times > 1 ? "impossible" : times === 1;
    return { ...window, call: { ...call, f: "contains", input: element, output } };
  });
}
