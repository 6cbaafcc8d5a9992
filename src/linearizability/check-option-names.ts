import { optionNames, refuseUnknownOptions } from "../task/index.ts";
import type { CheckOptions } from "./check.ts";
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

/**
 * @param what Whose options they are.
 * @param more Options that it has besides.
 * @throws LatchworkError BAD_ARGUMENT for an option that there is not.
 */
export function refuseUnknownCheckOptions(
  what: string,
  options: CheckOptions,
  more: readonly string[] = [],
): void {
  refuseUnknownOptions(what, options, [...NAMES, ...more]);
  refuseUnknownOptions("reductions", options.reductions, Object.keys(ALL_REDUCTIONS));
  refuseUnknownOptions("sizes", options.sizes, Object.keys(SEARCH_SIZES));
}
