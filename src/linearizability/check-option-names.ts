import {
  inWords,
  LatchworkError,
  optionNames,
  refuseUnknownName,
  refuseUnknownOptions,
} from "../task/index.ts";
import type { CheckOptions, ScanRule } from "./check.ts";
import type { CrashRule } from "./divide.ts";
import { ALL_REDUCTIONS, SEARCH_SIZES } from "./search/index.ts";

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
 * What was asked for in other words would not be done, and the verdict be by other rules.
 *
 * @param what Whose options they are.
 * @param more Options that it has besides.
 * @throws LatchworkError BAD_ARGUMENT for an option that there is not, or a value of no use.
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

/** @throws LatchworkError BAD_ARGUMENT for a rule that there is not. */
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
  throw new LatchworkError("BAD_ARGUMENT", `timeMs: nothing tells the time; ${right}`);
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
