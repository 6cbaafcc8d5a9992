import { type ErrorCode, LatchworkError } from "../../task/index.ts";
import { HuntBroken } from "../hunt.ts";
import type { Thrown } from "./messages.ts";

/** What was thrown, as it can be sent to another thread. */
export function thrownOf(error: unknown): Thrown {
  const shown = error instanceof Error ? error : new Error(String(error));
  const cause = error instanceof HuntBroken && error.cause instanceof Error ? error.cause : shown;
  return {
    name: shown.name,
    message: shown.message,
    stack: cause.stack ?? cause.message,
    code: error instanceof LatchworkError ? error.code : null,
    replay: error instanceof HuntBroken ? error.replay : null,
  };
}

/** The error to throw here for what was thrown there. */
export function errorOf({ message, stack, code, replay }: Thrown): Error {
  if (code !== null) return new LatchworkError(code as ErrorCode, message);
  const error = new Error(message);
  error.stack = stack;
  return replay === null ? error : new HuntBroken(replay, { cause: error });
}
