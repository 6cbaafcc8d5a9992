import { LatchworkError } from "../../src/task/index.ts";

/** The fault of the world that ends `work`, or null; anything else that it throws is passed on. */
export function faultOf(work: () => void): LatchworkError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof LatchworkError) return error;
    throw error;
  }
}
