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
