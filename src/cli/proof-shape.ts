import type { Proof, SavedProof } from "../hunt/index.ts";

/** Whether a value read from a file is what it should be. */
type Check = (value: unknown) => boolean;

/** For each field of a type, what it must be: to leave one out does not compile. */
type Fields<T> = { readonly [Name in keyof T]-?: Check };

type Search = SavedProof["search"];
type Node = Search["path"][number];
type Event = NonNullable<Node["event"]>;
type Action = NonNullable<Node["expected"]>;
type Branch = Node["planned"][number];
type Sleeper = Node["sleepers"][number];
type Finding = NonNullable<SavedProof["warning"]>;

const isFlag: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string";
const isInteger: Check = Number.isSafeInteger;
const isWhole: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** A number that may be too large for JSON, which has null for it. */
const isFigure: Check = (value) => value === null || typeof value === "number";

const isTasks = listOf(isWhole);
const isTouch = record<NonNullable<Event["asked"]>>({ objectId: isInteger, access: isInteger });
const isDraws = listOf(
  (value) =>
    record<Node["draws"][number]>({ value: isWhole, count: isWhole })(value) &&
    Number(fieldOf(value, "value")) < Number(fieldOf(value, "count")),
);

const ACTION: Fields<Action> = {
  task: isWhole,
  touches: listOf(isTouch),
  mask: isInteger,
  isCrash: isFlag,
  isFatal: isFlag,
  spared: isTasks,
};
const isAction = record<Action>(ACTION);

const isEvent = record<Event>({
  ...ACTION,
  draws: isDraws,
  asked: orNull(isTouch),
  waitsWhileHeld: isFlag,
  isTaken: isFlag,
  opened: listOf(isInteger),
  joined: isTasks,
  letsGo: isTasks,
  isBarrier: isFlag,
  stopped: listOf(record<Event["stopped"][number]>({ task: isWhole, asked: orNull(isTouch) })),
  made: isTasks,
});

const isOrigin = orNull(record<NonNullable<Node["origin"]>>({ depth: isWhole, key: isText }));

const isBranch: Check = record<Branch>({
  task: isWhole,
  draws: orNull(isDraws),
  action: isAction,
  branches: listOf((value) => isBranch(value)),
  isOpen: isFlag,
  isShadowed: isFlag,
  isKept: isFlag,
  isEnd: isFlag,
  origin: isOrigin,
});

const isSleeper = record<Sleeper>({
  task: isWhole,
  leaves: listOf(record<Sleeper["leaves"][number]>({ event: isEvent, isAsleep: isFlag })),
});

const isNode = record<Node>({
  enabled: isTasks,
  sleepers: listOf(isSleeper),
  planned: listOf(isBranch),
  task: isWhole,
  expected: orNull(isAction),
  origin: isOrigin,
  prescribed: orNull(isDraws),
  draws: isDraws,
  event: orNull(isEvent),
  after: listOf(isBranch),
  hasRun: isFlag,
  impossible: listOf(isText),
});

const isSearch = record<Search>({
  counts: record<Search["counts"]>({
    runs: isWhole,
    asleep: isWhole,
    impossible: isWhole,
    strayed: isWhole,
    unlike: isWhole,
    hurried: isWhole,
    races: isWhole,
    reversals: isWhole,
  }),
  twins: listOf(isTasks),
  prelude: isDraws,
  path: listOf(isNode),
  isBegun: isFlag,
  isExhausted: isFlag,
});

const isEstimate = record<NonNullable<Proof["estimate"]>>({
  orders: isFigure,
  low: isFigure,
  high: isFigure,
  schedules: isFigure,
  probes: isWhole,
});

const isFinding = record<Finding>({
  failure: (value) =>
    isText(fieldOf(value, "kind")) &&
    isText(fieldOf(value, "message")) &&
    orNull(isWhole)(fieldOf(value, "task")),
  schedule: listOf(isInteger),
  strategy: isText,
  runs: isWhole,
  steps: isWhole,
  preemptions: isWhole,
});

const isSaved = record<SavedProof>({
  search: isSearch,
  estimate: orNull(isEstimate),
  steps: isWhole,
  warning: orNull(isFinding),
});

/**
 * The number of a search, below `searches`, and how far it is, as a line of a checkpoint has them;
 * null for any other text. That a file is whole does not say who wrote it.
 */
export function searchIn(line: string, searches: number): readonly [number, SavedProof] | null {
  const value = parsed(line);
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [index, saved]: readonly unknown[] = value;
  if (!isWhole(index) || Number(index) >= searches || !isSaved(saved)) return null;
  return [Number(index), saved as SavedProof];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

function record<T>(fields: Fields<T>): Check {
  const checks = Object.entries<Check>(fields);
  return (value) => checks.every(([name, check]) => check(fieldOf(value, name)));
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
