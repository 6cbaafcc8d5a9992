/**
 * The search: columns of numbers in, a verdict out.
 *
 * A history is cut into parts (`part.ts`), each with the object it is about (`steps.ts`): registers
 * with footprints, or any model through a table of the steps taken so far. `frontier-search.ts`
 * keeps all configurations that explain the history up to an event, and goes from event to event.
 * Before that, `guided-walk.ts` follows an order that was claimed, that versions give, or that
 * `unique-values.ts` finds where each value is written once. `part-search.ts` chooses.
 *
 * Invariants:
 * 1. A configuration has constant size: a mask of the open operations, and an interned state.
 * 2. No loop that can run long makes objects, and all of them ask the budget.
 * 3. A reduction never changes a verdict; `reductions.ts` says why, one by one.
 *
 * Left out: threads. Parts are independent, so they can be divided among threads, as
 * `../threads/` does; `plain-register.ts` is a part in the form in which it can be sent.
 */
export { Budget, type BudgetLimits, type GivenUp, MEMORY_BYTES_DEFAULT } from "./budget.ts";
export { FootprintColumns } from "./footprint-columns.ts";
export { FootprintSteps } from "./footprint-steps.ts";
export { CRASH, EXPIRE, INVOKE, type Part, PartBuilder, type Problem, RETURN } from "./part.ts";
export type { Found } from "./frontier-search.ts";
export { PartSearch } from "./part-search.ts";
export {
  type PlainRegister,
  plainRegisterOf,
  problemOfPlain,
  registerOf,
  transferables,
} from "./plain-register.ts";
export { ALL_REDUCTIONS, type Reductions } from "./reductions.ts";
export { SEARCH_SIZES, type SearchSizes } from "./search-sizes.ts";
export type { Steps } from "./steps.ts";
export { TableSteps } from "./table-steps.ts";
