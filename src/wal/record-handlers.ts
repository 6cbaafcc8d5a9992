import type { Task } from "../task/index.ts";
import { badLog } from "./decode-group.ts";
import type { CommitDecision, LogicalRecord, LoggedGroup, OwnRecord } from "./log-records.ts";

/** Redoes one record that is no page's. The group says where in the log it stands. */
export type RecordHandler<R extends OwnRecord> = (record: R, group: LoggedGroup) => Task<void>;

/**
 * Who is given what recovery finds in the log beside changes of pages.
 *
 * Each record after the redo position is handed over once in each recovery, in the order of the
 * log, together with the changes of pages between them. A recovery may be cut off and begun again,
 * so a handler that leaves anything durable must bear to be given the same record again; it has the
 * group's position to tell by, as a page has its own.
 */
export interface RecordHandlers {
  /** By tree. */
  readonly logical?: ReadonlyMap<number, RecordHandler<LogicalRecord>>;
  readonly decision?: RecordHandler<CommitDecision>;
}

/**
 * Hands a record to whoever is registered for it.
 *
 * @throws LatchworkError BAD_LOG if nobody is.
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

/** Refuses a group with a record for which nobody is registered: before anything is redone. */
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
