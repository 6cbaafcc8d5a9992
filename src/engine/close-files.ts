import { LatchworkError, type Task } from "../task/index.ts";
import type { EngineState } from "./engine-state.ts";

type Files = Pick<EngineState, "log" | "pagesFile">;

/** See Engine.confirm. */
export function confirmFiles({ log, pagesFile }: Files): void {
  log.confirm();
  pagesFile.confirm();
}

/**
 * Makes a checkpoint, unless the log has failed, and closes the files of an engine in any case.
 * That they are not where they were is reported before any other fault.
 */
export function* closeFiles(files: Files, checkpoint: () => Task<unknown>): Task<void> {
  let lost: LatchworkError | null = null;
  try {
    try {
      if (files.log.state === "open") yield* checkpoint();
    } finally {
      lost = lossOf(files);
      yield* closeBoth(files);
    }
  } catch (error) {
    throw lost ?? error;
  }
  if (lost !== null) throw lost;
}

function lossOf(files: Files): LatchworkError | null {
  try {
    confirmFiles(files);
    return null;
  } catch (error) {
    if (error instanceof LatchworkError) return error;
    throw error;
  }
}

function* closeBoth({ log, pagesFile }: Files): Task<void> {
  try {
    yield* log.close();
  } finally {
    yield* pagesFile.close();
  }
}
