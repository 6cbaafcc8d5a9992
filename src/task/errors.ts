/** Every fault of the world that Latchwork names. Our own bugs are InvariantViolations instead. */
export type ErrorCode =
  | "KEY_TOO_LONG"
  | "VALUE_TOO_LONG"
  | "BAD_PAGE_SIZE"
  | "BAD_CAPACITY"
  | "BAD_ARGUMENT"
  | "NEEDS_ASYNC"
  | "NEEDS_PACKAGE"
  | "BAD_SCENARIO"
  | "BAD_SCHEDULE"
  | "UNKNOWN_NAME"
  | "WOULD_WAIT"
  | "BAD_HISTORY"
  | "TIMED_OUT"
  // The disk and what is on it.
  | "DISK_ERROR"
  | "NO_SPACE"
  | "NO_SUCH_FILE"
  | "BAD_PAGE"
  | "BAD_LOG"
  | "BAD_RUN"
  | "NOT_A_DATABASE"
  | "DATABASE_EXISTS"
  | "DIRECTORY_CHANGED"
  // The database as a whole.
  | "LOG_FAILED"
  | "DATABASE_IN_USE"
  // Its tables.
  | "TABLE_EXISTS"
  | "NO_SUCH_TABLE";

/** A fault that the caller or the world is responsible for, with a stable code. */
export class LatchworkError extends Error {
  override readonly name: string = "LatchworkError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
