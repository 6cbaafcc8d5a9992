import {
  inWords,
  LatchworkError,
  optionNames,
  refuseUnknownName,
  refuseUnknownOptions,
} from "../task/index.ts";
import type { CrashRule } from "./divide.ts";
import {
  ALL_REDUCTIONS,
  type BudgetLimits,
  type Reductions,
  SEARCH_SIZES,
  type SearchSizes,
} from "./search/index.ts";

/**
 * How a scan is judged: all its keys at one moment, or each key at some moment of the scan. The
 * same goes for a read of a whole set and its elements.
 */
export type ScanRule = "atomic" | "per-key";

/** How to check a history. Everything has a default. */
export interface CheckOptions extends BudgetLimits {
  /** `durable` unless given. Nothing, in a history without crashes and `info`. */
  readonly crash?: CrashRule;
  /** `atomic` unless given. */
  readonly scan?: ScanRule;
  /** Reductions to switch off. */
  readonly reductions?: Partial<Reductions>;
  /** Other numbers for how much is tried before what. */
  readonly sizes?: Partial<SearchSizes>;
  /** False checks the whole history at once, even where each key could be checked by itself. */
  readonly partition?: boolean;
  /**
   * Ids of operations in the order in which the system says that it applied them. Checked first, in
   * linear time; if it holds it is the verdict's witness and nothing is explored. If not, the
   * verdict is what it would be without, and its `claim` says what was wrong; parts of the order
   * that hold still save their search. So does an order of the writes alone.
   */
  readonly witness?: readonly number[];
  /** False takes no notice of the versions of operations, which never change what a verdict is. */
  readonly versions?: boolean;
}

const NAMES = optionNames<CheckOptions>({
  timeMs: true,
  clock: true,
  memoryBytes: true,
  isCancelled: true,
  onProgress: true,
  crash: true,
  scan: true,
  reductions: true,
  sizes: true,
  partition: true,
  witness: true,
  versions: true,
});

const CRASH_RULES = Object.keys({
  durable: true,
  strict: true,
  buffered: true,
  ignored: true,
} satisfies Record<CrashRule, true>);
const SCAN_RULES = Object.keys({
  atomic: true,
  "per-key": true,
} satisfies Record<ScanRule, true>);

/**
 * Refuses options that do not exist: a misspelt one would be ignored, and the verdict be by other
 * rules.
 *
 * @param what Whose options they are, for the message.
 * @param more Further options that are allowed.
 * @throws LatchworkError BAD_ARGUMENT for an unknown option, or a value of no use.
 */
export function refuseUnknownCheckOptions(
  what: string,
  options: CheckOptions,
  more: readonly string[] = [],
): void {
  refuseUnknownOptions(what, options, [...NAMES, ...more]);
  refuseUnknownOptions("reductions", options.reductions, Object.keys(ALL_REDUCTIONS));
  refuseUnknownOptions("sizes", options.sizes, Object.keys(SEARCH_SIZES));
  refuseUnknownCrashRule(options.crash);
  refuseUnknownName("scan", options.scan, SCAN_RULES);
  const { partition, versions, reductions = {}, sizes = {}, witness } = options;
  const flags = Object.entries({ partition, versions, ...reductions });
  for (const [name, given] of flags) refuseUnless(name, given, isFlag, "true or false");
  for (const [name, given] of Object.entries(sizes)) refuseUnless(name, given, isSize, A_SIZE);
  refuseUnless("witness", witness, Array.isArray, "a list of ids of operations");
  refuseWrongLimits(options);
}

/** @throws LatchworkError BAD_ARGUMENT for an unknown rule. */
export function refuseUnknownCrashRule(given: unknown): void {
  refuseUnknownName("crash", given, CRASH_RULES);
}

function refuseWrongLimits(options: CheckOptions): void {
  const { timeMs, clock, memoryBytes, isCancelled, onProgress } = options;
  refuseUnless("timeMs", timeMs, isLimit, "milliseconds");
  refuseUnless("memoryBytes", memoryBytes, isLimit, "a number of bytes");
  refuseUnless("isCancelled", isCancelled, isFunction, "a function");
  refuseUnless("onProgress", onProgress, isFunction, "a function");
  refuseUnless("clock", clock, isClock, "an object with a function nowMs");
  if (timeMs === undefined || clock !== undefined) return;
  const right = "give clock too, as { nowMs: () => performance.now() }";
  throw new LatchworkError("BAD_ARGUMENT", `timeMs: there is no clock; ${right}`);
}

const A_SIZE = "a number over 0";
const isFlag = (given: unknown): boolean => typeof given === "boolean";
const isFunction = (given: unknown): boolean => typeof given === "function";
const isSize = (given: unknown): boolean => typeof given === "number" && given > 0;
const isLimit = (given: unknown): boolean => typeof given === "number" && given >= 0;
const isClock = (given: unknown): boolean =>
  typeof given === "object" && given !== null && isFunction(Reflect.get(given, "nowMs"));

function refuseUnless(
  name: string,
  given: unknown,
  isRight: (given: unknown) => boolean,
  wanted: string,
): void {
  if (given === undefined || isRight(given)) return;
  throw new LatchworkError("BAD_ARGUMENT", `${name}: expected ${wanted}, found ${inWords(given)}`);
}
