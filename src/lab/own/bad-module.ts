/** A module of a reader's own that cannot be run. */
export class BadModule extends Error {
  override readonly name: string = "BadModule";
  /** What is wrong, without the line. */
  readonly problem: string;
  /** The line of the text, from 1; null if it is not known. */
  readonly line: number | null;

  constructor(problem: string, line: number | null) {
    super(line === null ? problem : `line ${line}: ${problem}`);
    this.problem = problem;
    this.line = line;
  }
}
