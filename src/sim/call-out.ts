/**
 * The calls that lead from the simulator into code that is not its own: tasks, checks, steps.
 *
 * They are in a file of their own so that a stack shows where that code ends: what is above a
 * frame of this file was called by it. They catch nothing.
 */
import {
  disown,
  inWords,
  labelOf,
  type LatchworkError,
  type Step,
  type Task,
  type TaskId,
} from "../task/index.ts";
import type { SimTask } from "./sim-task.ts";
import { mustBeCode, notAStep } from "./task-code.ts";

/** Runs a task's code to its next step, or throws into it the fault that its last step met. */
export function runOn(
  code: Task<unknown>,
  fault: LatchworkError | null,
): IteratorResult<Step, unknown> {
  return fault === null ? code.next() : code.throw(fault);
}

/**
 * Asks for the code of a task's next operation.
 *
 * @throws TypeError for what is no code.
 */
export function nextCode(task: SimTask): Task<unknown> | null {
  const code = task.source.next();
  if (code !== null) mustBeCode(task, code);
  return code;
}

/** Gives the task's source what its operation gave. */
export function endWith({ source }: SimTask, value: unknown): void {
  source.ended(value);
}

/** Takes a step; see {@link Step.take}. */
export function takeStep(step: Step, task: TaskId): boolean {
  const taken: unknown = step.take(task);
  if (taken === true || taken === false) return taken;
  throw noOutcome(step, taken);
}

function noOutcome(step: Step, given: unknown): TypeError {
  disown(given);
  const expected = "true, or false if the step only joined a queue";
  const what = labelOf(step.fact());
  return new TypeError(`${what}: take gave ${inWords(given)}, expected ${expected}`);
}

/**
 * Says what is wrong with what a task yields and is no step. Without the star of
 * `yield*` it is a generator; the compiler sees that, JavaScript does not.
 */
export function lookAtYielded(task: SimTask, yielded: unknown): TypeError {
  return notAStep(task, yielded);
}

/** Calls a function. */
export function callOut<T>(call: () => T): T {
  return call();
}

/** Calls a function with an argument. */
export function callOutWith<A, T>(call: (argument: A) => T, argument: A): T {
  return call(argument);
}
