import { InvalidArgumentError } from "commander";
import { FAIRNESS_SETTINGS, type Fairness } from "../latch/index.ts";
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

/** Makes a reader that refuses an option given twice, where the first would be lost quietly. */
export function once<Value>(
  read: (text: string) => Value,
): (text: string, before?: Value) => Value {
  return (text, before) => {
    if (before !== undefined) throw new InvalidArgumentError("Given twice; give it once.");
    return read(text);
  };
}
