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
  DATABASE_CLOSED: "LEVEL_DATABASE_NOT_OPEN",
  DISK_ERROR: "LEVEL_IO_ERROR",
  BAD_PAGE: "LEVEL_CORRUPTION",
  BAD_LOG: "LEVEL_CORRUPTION",
};

/** Turns a fault of the world into the error that a user gets; anything else stays as it is. */
export function levelError(reason: unknown): unknown {
  if (!(reason instanceof LatchworkError)) return reason;
  return new LevelError(LEVEL_CODES[reason.code] ?? reason.code, reason.message, reason);
}
