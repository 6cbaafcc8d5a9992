import { type ErrorCode, LatchworkError } from "../task/index.ts";

/**
 * An error as users of the Level ecosystem know it: with a `code`, and the engine's own error,
 * whose code says more, as its `cause`.
 */
export class LevelError extends Error {
  override readonly name: string = "LevelError";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** The ecosystem's codes for what it knows too; everything else keeps ours. */
const LEVEL_CODES: Partial<Record<ErrorCode, string>> = {
  KEY_TOO_LONG: "LEVEL_INVALID_KEY",
  VALUE_TOO_LONG: "LEVEL_INVALID_VALUE",
  DATABASE_IN_USE: "LEVEL_LOCKED",
  DISK_ERROR: "LEVEL_IO_ERROR",
  BAD_PAGE: "LEVEL_CORRUPTION",
  BAD_LOG: "LEVEL_CORRUPTION",
  BAD_RUN: "LEVEL_CORRUPTION",
};

/**
 * The meaning of an error that should not be, an InvariantViolation above all. Every page by itself
 * has its checksum right, so either they are not of one moment, as after a write that the disk lost
 * or a file that was replaced, or it is a bug of ours. Only a check of the whole can show which.
 */
export function contradiction(reason: unknown): LatchworkError {
  const what = reason instanceof Error ? reason.message : String(reason);
  const error = new LatchworkError(
    "BAD_PAGE",
    `the pages contradict each other (${what}): a file was replaced, a write was lost, or this ` +
      "is a bug; check the database",
  );
  error.cause = reason;
  return error;
}

/** Turns a fault of the world into the error that a user gets; anything else stays as it is. */
export function levelError(reason: unknown): unknown {
  if (!(reason instanceof LatchworkError)) return reason;
  return new LevelError(LEVEL_CODES[reason.code] ?? reason.code, reason.message, reason);
}
