import { styleText } from "node:util";
import { nextTurn } from "../task/driver-real-time.ts";
import { printable } from "../task/index.ts";
import { EXIT_CLEAN, EXIT_FOUND, EXIT_NOT_WRITTEN } from "./exit.ts";
import { endProcess } from "./process-end.ts";

type Write = typeof process.stdout.write;

/** How to write to standard output where only we may; null where everybody may. */
let ownWrite: Write | null = null;

/** Prints to standard output; the text ends its own line. */
export function print(text: string): void {
  if (fault === null) writeOut(text);
}

function writeOut(text: string, done?: () => void): void {
  (ownWrite ?? process.stdout.write.bind(process.stdout))(text, done);
}

/**
 * From now on standard output is for {@link print} only, as JSON wants it: what a module of the
 * user's own writes there, with `console.log` or otherwise, goes to standard error.
 */
export function keepOutput(): void {
  ownWrite = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

/** From now on everybody may write to standard output, as before {@link keepOutput}. */
export function shareOutput(): void {
  if (ownWrite !== null) process.stdout.write = ownWrite;
  ownWrite = null;
}

/** Prints a value as JSON, and nothing else. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2).split("\n").map(printable).join("\n")}\n`);
}

/**
 * An object whose first field is a list, printed as JSON while its items are still found out: so a
 * reader sees them come, and that the reader has gone shows before all is done.
 */
export class JsonStream {
  #items = 0;

  constructor(list: string) {
    print(`{\n  ${JSON.stringify(list)}: [`);
  }

  item(value: unknown): void {
    print(`${this.#items++ === 0 ? "" : ","}\n${indented(value, 4)}`);
  }

  /** Prints the fields behind the list, and the end of the object. */
  end(rest: Readonly<Record<string, unknown>>): void {
    const fields = Object.entries(rest).map(
      ([name, value]) => `,\n  ${JSON.stringify(name)}: ${indented(value, 2).trimStart()}`,
    );
    print(`${this.#items === 0 ? "" : "\n  "}]${fields.join("")}\n}\n`);
  }
}

function indented(value: unknown, blanks: number): string {
  const lines = JSON.stringify(value, null, 2).split("\n");
  return lines.map((line) => " ".repeat(blanks) + printable(line)).join("\n");
}

/**
 * Ends the process silently when the reader of its output has gone, as `head` does, and with
 * one line when the output cannot be written, as on a full disk. That the reader has gone shows
 * when the next text is written, and only then; so nothing is kept back until all is done. The
 * exit code is the one that was set by then, so it is set before each print.
 */
export function dieQuietlyOnClosedPipe(): void {
  process.stdout.on("error", quit);
  process.stderr.on("error", quit);
}

/** True where the process goes on without an output. */
let isOutlived = false;
let fault: Error | null = null;

/**
 * From now on the process outlives an output that cannot be written, unless its reader has gone:
 * what it finds out is worth more than the text. Its end is to ask {@link outputFault}.
 */
export function outliveOutput(): void {
  isOutlived = true;
}

/** Waits until all is written that was printed, and says what was wrong with that, if anything. */
export async function outputFault(): Promise<Error | null> {
  await new Promise<void>((resolve) => writeOut("", resolve));
  return fault;
}

/**
 * Ends the process once all is written that was printed, to a slow reader too, with the exit code
 * that was set. Without it a timer or a socket of a module of the user's would keep it for ever.
 */
export async function endOnceWritten(): Promise<never> {
  await outputFault();
  await new Promise<void>((resolve) => process.stderr.write("", () => resolve()));
  // A stream reports an error a little after the write.
  await nextTurn();
  return quitQuietly();
}

function quitQuietly(): never {
  endProcess(Number(process.exitCode ?? EXIT_CLEAN));
}

/** A failure that was found stays the exit code, even if it could not be printed. */
function quit(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") quitQuietly();
  if (isOutlived) {
    fault ??= error;
    return;
  }
  process.stderr.write(`latchwork: ${unwrittenText(error)}\n`);
  endProcess(process.exitCode === EXIT_FOUND ? EXIT_FOUND : EXIT_NOT_WRITTEN);
}

export function unwrittenText(error: Error): string {
  return `the output could not be written: ${error.message}`;
}

/** Colours a word on a terminal; the word says the same without. */
export function coloured(colour: "green" | "red" | "yellow" | "bold", text: string): string {
  const isWanted = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return isWanted ? styleText(colour, text) : text;
}

/** A whole number with commas between thousands. */
export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A number that is not exact: two digits of it. */
export function rounded(value: number): string {
  if (!Number.isFinite(value) || value >= 1e15) return value.toExponential(0);
  const unit = 10 ** Math.max(Math.floor(Math.log10(Math.max(value, 1))) - 1, 0);
  return grouped(Math.round(value / unit) * unit);
}

/** A number of things: `1 task`, `2,000 schedules`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
