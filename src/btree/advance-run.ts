import type { Task } from "../task/index.ts";
import type { AtOnce } from "./at-once.ts";
import type { Operation } from "./operation.ts";
import type { Protocol } from "./protocol.ts";
import type { WriteKind, WriteRun } from "./write-run.ts";

/**
 * Makes one or more of the writes of a run: as many as the protocol makes at once, or where it can
 * make none so, the next one by the ordinary operation of its kind.
 *
 * If it throws a LatchworkError, those that the run counts as made are made and the next one is
 * not, and whoever calls it calls `op.abort()`, as after any operation.
 */
export function* advanceRun(protocol: Protocol, op: Operation, run: WriteRun): Task<void> {
  const before = run.made;
  if (protocol.writeRun !== undefined) yield* protocol.writeRun(op, run);
  if (run.made > before) return;
  const { kind, key, value } = run.next;
  run.answer(yield* writeOne(protocol, op, kind, key, value));
  run.alone++;
}

/** One write by the operation of its kind; `value` means nothing for a delete. */
export function writeOne(
  protocol: Protocol,
  op: Operation,
  kind: WriteKind,
  key: Uint8Array,
  value: Uint8Array,
): Task<boolean> {
  if (kind === "put") return protocol.put(op, key, value);
  return kind === "insert" ? protocol.insert(op, key, value) : protocol.delete(op, key);
}

/** As {@link writeOne}, if it need not wait; null if it would, and then nothing was done. */
export function writeAtOnce(
  atOnce: AtOnce,
  op: Operation,
  kind: WriteKind,
  key: Uint8Array,
  value: Uint8Array,
): boolean | null {
  if (kind === "put") return atOnce.put(op, key, value);
  return kind === "insert" ? atOnce.insert(op, key, value) : atOnce.delete(op, key);
}
