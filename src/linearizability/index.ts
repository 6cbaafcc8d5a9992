/**
 * Linearizability: is there an order of these operations that explains every answer and agrees with
 * real time?
 *
 *     const builder = new HistoryBuilder();
 *     for (const event of events) builder.add(event);
 *     const verdict = checkHistory(builder.build(), kvMap(), { scan: "atomic" });
 *
 * Histories (`history.ts`) are put together from events. Models (`models/`) say what a sequential
 * object does. `check.ts` cuts a history up by key and lets `search/` decide the parts. `explain/`
 * explains why a history is not linearizable, `picture/` draws it, and `notes/` says what a reader
 * of a verdict should know.
 *
 * Invariants:
 * 1. "Linearizable" comes with an order that shows it; "not linearizable" only after every order
 *    was ruled out; a budget that ran out gives neither.
 * 2. Nothing here knows trees, disks, threads or the time: a clock is handed in.
 * 3. Failed operations did not happen. Pending ones happen at any later time or never, unless a
 *    crash sets a deadline (see CrashRule).
 *
 * Left out: transactions of several operations (serializability), weaker conditions than this.
 */
export { checkHistory } from "./check.ts";
export type { CheckOptions, ScanRule } from "./check-options.ts";
export { checkOrder } from "./check-order.ts";
export type { CrashRule } from "./divide.ts";
export {
  type Case,
  type Chain,
  type Exclusion,
  explain,
  type Explanation,
  type ExplanationFact,
  explanationLines,
  explanationText,
  type Finding,
  type NamedOperation,
  type ShownOrder,
  type Supposition,
  type TimeFact,
  type Writer,
} from "./explain/index.ts";
export {
  detectFormat,
  HISTORY_FORMATS,
  type HistoryFormat,
  HistoryReader,
  jsonLineOf,
  jsonLinesOf,
  READ_LIMITS,
  type ReadLimits,
  readHistory,
  readHistoryFrom,
  type ReadOptions,
  type WrittenEvent,
} from "./formats/index.ts";
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
export { prefixOf } from "./prefix.ts";
export {
  HistoryRecorder,
  type RecordedCall,
  type RecordedMethods,
  type RecorderOptions,
  type ValueEncoding,
} from "./recorder.ts";
export {
  anyState,
  type Call,
  casRegister,
  counter,
  type CounterOptions,
  fifoQueue,
  type Footprint,
  isEchoing,
  type KvOptions,
  kvMap,
  type Model,
  type MultiRegisterOptions,
  type NullReads,
  MODEL_NAMES,
  modelNamed,
  multiRegister,
  mutex,
  type NamedModelOptions,
  type Partition,
  perKey,
  register,
  type RegisterOptions,
  semaphore,
  setModel,
  stack,
  type TxnStep,
  txnSteps,
  type Uninformative,
} from "./models/index.ts";
export {
  ALL_REDUCTIONS,
  type BudgetLimits,
  type GivenUp,
  type Reductions,
  type SearchSizes,
} from "./search/index.ts";
export {
  type Note,
  noteAdvice,
  type NoteKind,
  noteSeen,
  notesOn,
  noteText,
} from "./notes/index.ts";
export { pictureHtml, type PictureOptions, pictureSvg } from "./picture/index.ts";
export { operationText, verdictLines, verdictText } from "./verdict-text.ts";
export type { Linearizable, NotLinearizable, OrderFault, Unknown, Verdict } from "./verdict.ts";
