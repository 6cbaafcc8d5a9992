import { parseArgs, type ParseArgsConfig } from "node:util";

/**
 * Prints the usage and ends if `--help` is among the words; ends with 2 and one line if there is a
 * word that the usage does not name. `usage` shows options as `--name` or `--name=VALUE`.
 */
export function acceptWords(words: readonly string[], usage: string): void {
  if (words.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  const known = new Map(
    Array.from(usage.matchAll(/--([a-z][a-z-]*)(=?)/gu), ([, name, sign]) => [name, sign]),
  );
  for (const word of words) {
    const [, name, sign = ""] = /^--([a-z][a-z-]*)(=?)/u.exec(word) ?? [];
    const expected = name === undefined ? undefined : known.get(name);
    if (expected === sign) continue;
    const form = expected === "=" ? `--${name}=VALUE` : `--${name}`;
    const why = expected === undefined ? "not an option" : `expected as ${form}`;
    console.error(`${JSON.stringify(word)}: ${why}; see --help`);
    process.exit(2);
  }
}

/** Gives the word behind `--name=`, or undefined if there is none. */
export function wordOption(words: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  return words.find((word) => word.startsWith(prefix))?.slice(prefix.length);
}

/** Gives the number behind `--name=`, or the default; ends the process with 2 if it is none. */
export function numberOption(words: readonly string[], name: string, byDefault: number): number {
  const word = wordOption(words, name);
  if (word === undefined) return byDefault;
  const number = Number(word);
  if (word !== "" && Number.isFinite(number) && number > 0) return number;
  console.error(`--${name}: expected a number above 0, found ${JSON.stringify(word)}`);
  process.exit(2);
}

/** As node's `parseArgs`, with `--help`; ends with 2 and one line if a word is wrong. */
export function parseWords<const T extends NonNullable<ParseArgsConfig["options"]>>(
  usage: string,
  options: T,
  args: readonly string[] = process.argv.slice(2),
): ReturnType<typeof parseArgs<{ options: T }>>["values"] {
  if (args.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    console.error(`${why}; see --help`);
    process.exit(2);
  }
}
