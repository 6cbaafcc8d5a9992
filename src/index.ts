/**
 * Latchwork's engine: a B+ tree over pages of bytes, under a latch protocol of your choice.
 *
 * Run one operation by itself:
 *
 *     const store = new TreeStore({ pageSize: 4096 });
 *     const tree = protocolNamed("crabbing");
 *     const op = new Operation(store, taskId(0), DIRECT_DRIVER, tree.latchOrder(store));
 *     runToCompletion(tree.put(op, key, value));
 *
 * quicker without a task, where nothing has to be waited for:
 *
 *     const atOnce = atOnceOf(tree, { atOnce: true });
 *     atOnce?.put(op, key, value) ?? runToCompletion(tree.put(op, key, value));
 *
 * or many at once under the simulator: see `latchwork/sim` for programs of your own and
 * `latchwork/hunt` for scenarios of this tree.
 *
 * The second half is for protocols of one's own (docs/add-a-protocol.md): guards, latch orders, and
 * what can be asked of a page or done to it while it is latched.
 *
 * Left out of this entry: how a page is laid out (docs/page-format.md), which may change between
 * versions.
 */
export {
  type AtOnce,
  atOnceOf,
  checkTree,
  type CheckReport,
  Crabbing,
  drawTree,
  Operation,
  OptimisticCrabbing,
  type Protocol,
  protocolNamed,
  PROTOCOLS,
  type RowSink,
  type ScanPromise,
  type ScanRange,
  type Shortcuts,
  TreeMutex,
  TreeMutexDurable,
  TreeReadWrite,
  TreeStore,
  type TreeStoreOptions,
  withShortcuts,
} from "./btree/index.ts";
export type { ChangeLog } from "./wal/index.ts";
export {
  DIRECT_DRIVER,
  EXCLUSIVE,
  type Fairness,
  type LatchDriver,
  LatchGuard,
  type LatchObjects,
  type LatchOrder,
  LatchOwner,
  LatchTable,
  SHARED,
  UPDATE,
} from "./latch/index.ts";
export { copyKey, copyValue } from "./btree/index.ts";
export {
  type ErrorCode,
  LatchworkError,
  runToCompletion,
  Session,
  type Task,
  taskId,
} from "./task/index.ts";
export {
  type ChangeGroup,
  checkEntry,
  checkKey,
  childAt,
  childIndexBelow,
  childIndexFor,
  copyHighFence,
  copyLowFence,
  countOf,
  covers,
  emitLeaf,
  find,
  hasRoomFor,
  hasRoomToReplace,
  insertChild,
  insertEntry,
  isLeaf,
  isSafeForDelete,
  isSafeForInsert,
  isUnderfull,
  mergeFits,
  mergeInto,
  oneLatchOnly,
  type PageHandle,
  preOrder,
  type PutRule,
  removeEntry,
  replaceValue,
  rootOf,
  setRoot,
  splitPage,
  StructureChange,
  TopDown,
  type WriteHandle,
} from "./btree/index.ts";
export {
  hasFlag,
  leftOf,
  levelOf,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  pageIdOf,
  type PageView,
  type Reclamation,
  rightOf,
  setLeft,
  UNLINKED_FLAG,
} from "./storage/index.ts";
