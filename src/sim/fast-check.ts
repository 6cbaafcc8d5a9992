import { optionNames, refuseUnknownOptions } from "../task/index.ts";
import { type Arbitrary, array, cloneMethod, constant, nat, oneof } from "fast-check";
import { DrawnStrategy } from "./strategies/index.ts";

/** How much room a drawn schedule has. */
export interface SchedulesOptions {
  /** Most choices that are drawn; after them tasks go on undisturbed. Default 100. */
  readonly choicesMax?: number;
  /** Most options worth distinguishing at one choice, usually the number of tasks. Default 4. */
  readonly optionsMax?: number;
}

const OPTION_NAMES = optionNames<SchedulesOptions>({ choicesMax: true, optionsMax: true });

const CHOICES_MAX_DEFAULT = 100;
const OPTIONS_MAX_DEFAULT = 4;

/**
 * Draws schedules for a property: each value is a strategy for one run.
 *
 *     fc.assert(fc.property(fc.array(operation), schedules(), (operations, strategy) => {
 *       const verdict = simulate(programOf(operations), { strategy });
 *       expect(verdict.finding).toBeNull();
 *     }));
 *
 * Two choices in three let the current task go on, and a counterexample shrinks towards that, so
 * its preemptions get fewer and come earlier while its other inputs shrink as usual.
 */
export function schedules(options: SchedulesOptions = {}): Arbitrary<DrawnStrategy> {
  refuseUnknownOptions("schedules", options, OPTION_NAMES);
  const { choicesMax = CHOICES_MAX_DEFAULT, optionsMax = OPTIONS_MAX_DEFAULT } = options;
  const choice = oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: constant(0) },
    { weight: 1, arbitrary: nat({ max: Math.max(optionsMax - 1, 0) }) },
  );
  return array(choice, { maxLength: choicesMax, size: "max" }).map(
    (numbers) => new ClonedStrategy(numbers),
    numbersOf,
  );
}

/** Comes fresh to each call of a property, for a strategy that has made its run makes no other. */
class ClonedStrategy extends DrawnStrategy {
  [cloneMethod](): ClonedStrategy {
    return new ClonedStrategy(this.numbers);
  }
}

/** The way back, so that fast-check can also shrink a strategy given as an example. */
function numbersOf(value: unknown): number[] {
  if (value instanceof DrawnStrategy) return [...value.numbers];
  throw new TypeError("schedules: expected a DrawnStrategy");
}
