/**
 * Linearizability: is there an order of these operations that explains every result and agrees with
 * real time?
 *
 * For now this is the plain search that the hunt needs for histories of a dozen operations. It
 * knows nothing of trees, and of models only that they step forward and back.
 *
 * Invariants:
 * 1. The search says yes only with an order in hand, and no only after ruling out every order.
 * 2. A model is left in the state in which it was given.
 *
 * Left out, for later: pending and crashed operations, partitioning, budgets, explanations.
 */
export {
  badHistory,
  type EventType,
  type History,
  HistoryBuilder,
  type HistoryEvent,
  type Operation,
  type Outcome,
  type Place,
} from "./history.ts";
export {
  type Intervals,
  LinearizationSearch,
  SEARCH_OPERATIONS_MAX,
  type SequentialModel,
} from "./search.ts";
