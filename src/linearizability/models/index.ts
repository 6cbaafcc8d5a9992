/**
 * Models: what a sequential object does, as records of pure functions.
 *
 * Invariants:
 * 1. `step` is a function of state and call alone, and changes neither.
 * 2. A call that `observes` leaves every state as it is.
 * 3. A footprint says the same as `step`, for every state.
 * 4. If a partition exists, a history without calls that touch several keys is linearizable exactly
 *    if each key's part is (locality, Herlihy and Wing 1990: keys are objects of their own).
 *
 * Left out: models that must know which operations are concurrent (set-linearizability).
 */
export {
  counter,
  type CounterOptions,
  fifoQueue,
  isEchoing,
  setModel,
  stack,
} from "./collections.ts";
export { type KvOptions, kvMap } from "./kv-map.ts";
export {
  anyState,
  type Call,
  type Footprint,
  isImpossible,
  jsonKey,
  type Model,
  type NullReads,
  type Partition,
  sameJson,
  type Uninformative,
} from "./model.ts";
export {
  multiRegister,
  type MultiRegisterOptions,
  type TxnStep,
  txnSteps,
} from "./multi-register.ts";
export { mutex, semaphore } from "./mutex-model.ts";
export { perKey } from "./per-key.ts";
export { casRegister, register, type RegisterOptions } from "./register.ts";
export { MODEL_NAMES, modelNamed, type NamedModelOptions } from "./model-named.ts";
