import { type Finding, type SourceFile, linesOf } from "./source-tree.ts";

/** Rooms in which everything short and physical is a latch. */
const LATCH_ROOMS = /^src\/(?:latch|btree)\//;

/** Phrases that mean a lock, or cite a work whose title says lock. Case counts in titles. */
const ALLOWED = [
  /\block[- ]files?\b/gi,
  /\block-free(?:dom)?\b/gi,
  /\block managers?\b/gi,
  // A line that speaks of transactions speaks of what they hold.
  /^.*\btransactions?\b.*$/gim,
  /\b(?:not|never) (?:a )?locks?\b/gi,
  /\bEfficient Locking for Concurrent Operations\b/g,
  /\bB-[Tt]ree [Ll]ocking [Tt]echniques\b/g,
  /\bOptimistic Lock Coupling\b/g,
] as const;

const LOCK_WORDS = /^(?:un)?lock(?:s|ed|ing|er|able)?$/;

/** Finds the word lock, in prose or inside an identifier, where the house says latch. */
export function checkLatchWords(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => LATCH_ROOMS.test(path))
    .flatMap(({ path, text }) =>
      linesOf(blankAllowed(text)).flatMap((line, index) =>
        wordsOf(line)
          .filter((word) => LOCK_WORDS.test(word.toLowerCase()))
          .map((word) => ({
            file: path,
            line: index + 1,
            rule: `says "${word}" where a latch is meant`,
          })),
      ),
    );
}

/** Splits prose and identifiers into words: `rootLock` and `LOCK_TABLE` hold two each. */
function wordsOf(line: string): string[] {
  return line.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
}

/** Replaces allowed phrases by as many blanks, so that offsets and lines stay true. */
function blankAllowed(text: string): string {
  return ALLOWED.reduce(
    (blanked, phrase) => blanked.replaceAll(phrase, (found) => found.replaceAll(/\S/g, " ")),
    text,
  );
}
