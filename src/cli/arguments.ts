import { type Command, InvalidArgumentError } from "commander";
import { FAIRNESS_SETTINGS, type Fairness } from "../latch/index.ts";
import { BadInput } from "./exit.ts";
import { STANDARD_INPUT } from "./files.ts";

/** Makes a reader of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Reads a share, 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError("Expected a number from 0 to 1.");
  }
  return value;
}

export function fairness(text: string): Fairness {
  const found = FAIRNESS_SETTINGS.find((setting) => setting === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`Expected ${FAIRNESS_SETTINGS.join(", ")}.`);
  }
  return found;
}

/** Reads the name of a file to write. */
export function fileName(text: string): string {
  if (text === STANDARD_INPUT) {
    throw new InvalidArgumentError("It is written to a file; give its name.");
  }
  if (text !== "") return text;
  throw new InvalidArgumentError("Expected the name of a file.");
}

/** Gathers an option that may be given several times. */
export function gathered(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Makes a reader of one of some words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected ${words.join(", ")}.`);
    return found;
  };
}

/**
 * Has a command refuse options given twice that have one value: the first would be lost quietly.
 * Those that are {@link gathered} may be repeated.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    const hasValue = option.required || option.optional;
    if (!hasValue || option.variadic || option.parseArg === gathered) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw new BadInput(`--${option.name()} is given twice; give it once`);
      isGiven = true;
    });
  }
}
