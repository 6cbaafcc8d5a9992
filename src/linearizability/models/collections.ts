import { optionNames, refuseUnknownOptions } from "../../task/index.ts";
import {
  anyState,
  type Call,
  impossibleAnswer,
  isBoolean,
  isUninformative,
  type Model,
  oncePerAnswer,
  sameJson,
  unknownCall,
  type Uninformative,
  wrongAnswer,
} from "./model.ts";
import { refuseUnlessFlag, refuseUnlessWhole } from "./option-values.ts";

type Items = readonly unknown[];

const isKnown = (call: Call): boolean => call.outcome === "ok";
const isNumber = (answer: unknown): boolean => typeof answer === "number";
const isNumberOrNull = (answer: unknown): boolean => answer === null || isNumber(answer);
/** Whether the call says that it changed the set; null if it does not say. */
const changed = (call: Call): boolean | null =>
  isKnown(call) && isBoolean(call.output) && !isUninformative(call, call.output)
    ? call.output
    : null;
const agrees = (call: Call, value: unknown): boolean =>
  !isKnown(call) || sameJson(call.output ?? null, value ?? null);

/**
 * A set: `add` and `remove` of an element, which answer true or false, whether it changed the set,
 * or null or the element once more (be it true or false), which say nothing; `contains`, which
 * answers true or false; and `read`, which answers a list of all elements in any order. Any other
 * answer is a fault.
 *
 * Elements are independent objects, unless an operation reads the whole.
 */
export function setModel(): Model {
  return anyState<Items>({
    name: "set",
    initial: [],
    step: (state, call) => {
      if (call.f === "read") return readAgrees(state, call) ? [state] : [];
      const has = state.some((item) => sameJson(item, call.input));
      if (call.f === "contains") return agrees(call, has) ? [state] : [];
      const changes = call.f === "add" ? !has : has;
      if ((changed(call) ?? changes) !== changes) return [];
      if (!changes) return [state];
      const rest = state.filter((item) => !sameJson(item, call.input));
      return [call.f === "add" ? sorted([...rest, call.input]) : rest];
    },
    fault: setFault,
    observes: (call) => call.f === "read" || call.f === "contains" || changed(call) === false,
    partition: {
      one: setElement(),
      keyOf: (call) => (call.f === "read" ? null : JSON.stringify(call.input ?? null)),
      covers: () => true,
      keysNamed: (call) => [...timesIn(call).keys()],
      project: (call, key) => {
        const times = timesIn(call).get(key) ?? 0;
        const output = times > 1 ? impossibleAnswer("twice") : times === 1;
        return { f: "contains", key, input: null, output, outcome: call.outcome };
      },
    },
  });
}

function setFault(call: Call): string | null {
  const unknown = unknownCall(call, ["add", "remove", "contains", "read"]);
  if (unknown !== null) return unknown;
  if (call.f === "read") return wrongAnswer(call, Array.isArray, "a list of the elements");
  if (call.f === "contains") return wrongAnswer(call, isBoolean, "true or false");
  const isRight = (answer: unknown): boolean => isBoolean(answer) || isUninformative(call, answer);
  return wrongAnswer(call, isRight, "true or false, or null for unknown");
}

/** One element: is it in the set? */
function setElement(): Model {
  return anyState<unknown>({
    name: "set",
    initial: false,
    step: (has, call) => {
      if (call.f === "contains") return agrees(call, has) ? [has] : [];
      const changes = (call.f === "add") !== has;
      return (changed(call) ?? changes) === changes ? [call.f === "add"] : [];
    },
    observes: (call) => call.f === "contains" || changed(call) === false,
    footprint: (call) => {
      const inside = call.f === "add";
      if (call.f === "contains") return isKnown(call) ? { needs: call.output ?? null } : {};
      const did = changed(call);
      if (did === null) return { makes: inside };
      return did ? { needs: !inside, makes: inside } : { needs: inside };
    },
  });
}

function listOf(call: Call): Items {
  return Array.isArray(call.output) ? (call.output as Items) : [];
}

/** How often each element, by its JSON, stands in an answer. */
const timesIn = oncePerAnswer((answer): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const item of answer) {
    const key = JSON.stringify(item ?? null);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
});

function sorted(items: readonly unknown[]): Items {
  return items
    .map((item) => ({ item, key: JSON.stringify(item ?? null) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

function readAgrees(state: Items, call: Call): boolean {
  return !isKnown(call) || sameJson(sorted(listOf(call)), state);
}

/** What a counter starts with, and how its histories are to be read. */
export interface CounterOptions {
  /** 0 unless given. */
  readonly initial?: number | undefined;
  /** Jepsen repeats the argument as the answer; with this, such an answer says nothing. */
  readonly echoes?: boolean | undefined;
}

const COUNTER_NAMES = optionNames<CounterOptions>({ initial: true, echoes: true });

/** The value of a counter: a string of digits where a number would round it. */
type Total = number | string;

/**
 * A counter: `add` and `subtract` of an amount (1 if null), which answer the new value, or null
 * for unknown; `read`, which answers the value. Any other answer is a fault. Sums are
 * exact, also those beyond 2^53.
 *
 * @throws LatchworkError BAD_ARGUMENT if it cannot start so.
 */
export function counter(options: CounterOptions = {}): Model {
  refuseUnknownOptions("counter", options, COUNTER_NAMES);
  const { initial = 0, echoes = false } = options;
  refuseUnlessWhole("counter", initial);
  refuseUnlessFlag("echoes of counter", echoes);
  const uninformative = (call: Call): Uninformative | null =>
    echoes && isEcho(call) ? "echo" : null;
  return anyState<Total>({
    name: "counter",
    initial,
    step: (state, call) => {
      if (call.f === "read") return agrees(call, state) ? [state] : [];
      const amount = call.input === null ? 1 : Number(call.input);
      const next = sumOf(state, call.f === "add" ? amount : -amount);
      const isTotal =
        isKnown(call) && typeof call.output === "number" && uninformative(call) === null;
      return isTotal && call.output !== next ? [] : [next];
    },
    fault: counterFault,
    uninformative,
    observes: (call) => call.f === "read",
  });
}

function counterFault(call: Call): string | null {
  const unknown = unknownCall(call, ["add", "subtract", "read"]);
  if (unknown !== null) return unknown;
  if (call.f === "read") return wrongAnswer(call, isNumber, "a number");
  if (call.input !== null && !Number.isSafeInteger(call.input)) {
    return `${call.f} of ${JSON.stringify(call.input)}: expected a whole number`;
  }
  return wrongAnswer(call, isNumberOrNull, "the new value, or null for unknown");
}

function sumOf(total: Total, amount: number): Total {
  const sum = Number(total) + amount;
  if (typeof total === "number" && Number.isSafeInteger(sum)) return sum;
  const exact = BigInt(total) + BigInt(amount);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : String(exact);
}

/** True of a call that changes a counter, and answers its own argument. */
function isEcho(call: Call): boolean {
  return isChange(call) && call.output === call.input;
}

function isChange({ f, outcome, output }: Call): boolean {
  return f !== "read" && outcome === "ok" && typeof output === "number";
}

/**
 * True if the history of a counter is in Jepsen's form: each change answers its own argument, if
 * anything. Where the answers are new values, one of them soon differs.
 */
export function isEchoing(calls: readonly Call[]): boolean {
  const changes = calls.filter(isChange);
  return changes.length > 0 && changes.every(isEcho);
}

/** A FIFO queue: `enqueue`; `dequeue`, which answers null if the queue is empty. */
export function fifoQueue(): Model {
  return anyState<Items>({
    name: "queue",
    initial: [],
    step: (state, call) =>
      call.f === "enqueue"
        ? [[...state, call.input]]
        : taken(call, state[0], state.slice(1), state),
    fault: (call) => itemFault(call, "enqueue", "dequeue"),
    observes: (call) => call.f === "dequeue" && isKnown(call) && (call.output ?? null) === null,
  });
}

/** A stack: `push`; `pop`, which answers null if the stack is empty. */
export function stack(): Model {
  return anyState<Items>({
    name: "stack",
    initial: [],
    step: (state, call) =>
      call.f === "push"
        ? [[...state, call.input]]
        : taken(call, state.at(-1), state.slice(0, -1), state),
    fault: (call) => itemFault(call, "push", "pop"),
    observes: (call) => call.f === "pop" && isKnown(call) && (call.output ?? null) === null,
  });
}

/** An answer of null means that there was no item, so no item can be null. */
function itemFault(call: Call, gives: string, takes: string): string | null {
  if (call.f !== gives || (call.input ?? null) !== null) return unknownCall(call, [gives, takes]);
  return `${gives} of null: expected a value, for ${takes} answers null if there is none`;
}

function taken(call: Call, item: unknown, rest: Items, state: Items): readonly Items[] {
  if (state.length === 0) return agrees(call, null) ? [state] : [];
  return agrees(call, item) && !(isKnown(call) && (call.output ?? null) === null) ? [rest] : [];
}
