import type { Task } from "../task/index.ts";
import { badLog } from "./decode-group.ts";
import type { CommitDecision, LogicalRecord, LoggedGroup, OwnRecord } from "./log-records.ts";

/** Redoes one record that is no page's. The group says where in the log it stands. */
export type RecordHandler<R extends OwnRecord> = (record: R, group: LoggedGroup) => Task<void>;

/**
 * Handlers of what recovery finds in the log beside changes of pages.
 *
 * Each record after the redo position is handed over once in each recovery, in the order of the
 * log, together with the changes of pages between them. A recovery may be cut off and begun again,
 * so a handler that makes anything durable must accept the same record again; it can compare the
 * group's position, as redo compares a page's.
 */
export interface RecordHandlers {
  /** By tree. */
  readonly logical?: ReadonlyMap<number, RecordHandler<LogicalRecord>>;
  readonly decision?: RecordHandler<CommitDecision>;
}

/**
 * Hands a record to its handler.
 *
 * @throws LatchworkError BAD_LOG if there is none.
 */
export function handOver(
  handlers: RecordHandlers,
  record: OwnRecord,
  group: LoggedGroup,
): Task<void> {
  if (record.kind === "logical") {
    const handler = handlers.logical?.get(record.tree);
    if (handler !== undefined) return handler(record, group);
  } else if (handlers.decision !== undefined) return handlers.decision(record, group);
  throw nobodyFor(record, group);
}

/** Rejects a group with a record that has no handler: before anything is redone. */
export function refuseUnhandled(handlers: RecordHandlers, group: LoggedGroup): void {
  for (const record of group.records) {
    if (record.kind === "logical") {
      if (handlers.logical?.has(record.tree) !== true) throw nobodyFor(record, group);
    } else if (record.kind === "decision" && handlers.decision === undefined) {
      throw nobodyFor(record, group);
    }
  }
}

function nobodyFor(record: OwnRecord, { file, offset }: LoggedGroup): Error {
  const what =
    record.kind === "logical"
      ? `a logical record of tree ${record.tree}`
      : `a commit decision on transaction ${record.transaction}`;
  return badLog(file, offset, `${what}, and nobody is registered to redo it`);
}
