/** A place in the user's code, or the cause of the error whose places are above it. */
export interface CodePlace {
  /** `deep (bank.ts:12:9)` or, for a cause, what it says in one line. */
  readonly text: string;
  readonly isCause: boolean;
}

const CAUSES_MAX = 3;
// In two steps: a bundler that sees them in one takes the folder for a file that is to be included.
const HERE = import.meta.url;
const OWN_ROOT = new URL("../../", HERE).href;
/** Where this package's code is, compiled, and as source maps have it. */
const OWN: readonly string[] = ["dist/", "src/"].map((folder) => OWN_ROOT + folder);
const DOOR = /\/sim\/call-out\.[jt]s$/;
const WORKING_DIRECTORY = workingDirectory();

/** A line of a stack, as V8 prints it and as others do. */
const FRAME = /^\s*at (?:async )?(?:(.+?) \()?([^()\s][^()]*?):(\d+):(\d+)\)?$/;
const FOREIGN_FRAME = /^\s*(.*?)@(.+?):(\d+):(\d+)$/;

interface Frame {
  readonly name: string;
  /** A URL without a query. */
  readonly file: string;
  readonly line: string;
  readonly column: string;
}

/**
 * The places in the user's own code that led to an error, innermost first, and likewise those of
 * its causes, each after what the cause says.
 *
 * Left out are this package, the runtime, whoever called the simulator, and other packages as long
 * as anything else is there. Paths are relative to the directory in which the process was started,
 * or as they are if they lie elsewhere. So two runs along one schedule give the same text.
 */
export function codePlacesOf(error: unknown): readonly CodePlace[] {
  const places: CodePlace[] = [];
  const seen = new Set<unknown>();
  for (let at = error; isError(at) && seen.size < CAUSES_MAX; at = at.cause) {
    if (seen.has(at)) break;
    if (seen.size > 0) places.push({ text: firstLineOf(shownError(at)), isCause: true });
    seen.add(at);
    for (const text of placesIn(stackOf(at))) places.push({ text, isCause: false });
  }
  return places;
}

/** The line of the first place in a file that a stack names; null if it names none. */
export function lineInStack(stack: string, file: string): number | null {
  const at = stack.indexOf(`${file}:`);
  const line = at < 0 ? null : /^\d+/.exec(stack.slice(at + file.length + 1));
  return line === null ? null : Number(line[0]);
}

function firstLineOf(text: string): string {
  const [first = ""] = text.split("\n");
  return first;
}

/** An error in one text, as `RangeError: out of range`; of anything else thrown, what it is. */
export function shownError(error: unknown): string {
  if (isError(error)) {
    return error.message === "" ? error.name : `${error.name}: ${error.message}`;
  }
  if (typeof error !== "object" || error === null) return String(error);
  try {
    return `${JSON.stringify(error)}, thrown, which is no Error`;
  } catch {
    return "an object was thrown, which is no Error";
  }
}

/** Whether it is an error, even one of another realm, as of a test's sandbox. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function stackOf({ stack, message }: Error): string {
  // Whoever replaces Error.prepareStackTrace may make a stack something else than a text.
  if (typeof stack !== "string") return "";
  const at = message === "" ? -1 : stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}

function placesIn(stack: string): string[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const frame = frameOf(line);
    if (frame === null) continue;
    if (isOwn(frame) && DOOR.test(frame.file)) break;
    if (!isOwn(frame)) frames.push(frame);
  }
  const own = frames.filter(({ file }) => !file.includes("/node_modules/"));
  return (own.length > 0 ? own : frames).map(shownFrame);
}

function frameOf(line: string): Frame | null {
  const [, name = "", path = "", row = "", column = ""] =
    FRAME.exec(line) ?? FOREIGN_FRAME.exec(line) ?? [];
  if (path === "" || path.startsWith("node:")) return null;
  const file = path.startsWith("/") ? `file://${path}` : path.replaceAll("\\", "/");
  return { name, file: file.replace(/[?#].*$/, ""), line: row, column };
}

function isOwn({ file }: Frame): boolean {
  return OWN.some((folder) => file.startsWith(folder));
}

function shownFrame({ name, file, line, column }: Frame): string {
  const place = `${shownPath(file)}:${line}:${column}`;
  const who = name.replace(/^(?:new |Object\.)+/, "").replace(/ \[as .*\]$/, "");
  return who === "" || who.endsWith("<anonymous>") ? place : `${who} (${place})`;
}

function shownPath(file: string): string {
  const path = decoded(file.replace(/^file:\/\//, ""));
  return path.startsWith(WORKING_DIRECTORY) ? path.slice(WORKING_DIRECTORY.length) : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** With a slash at its end; where there is none, what no path begins with. */
function workingDirectory(): string {
  const none = "\0";
  try {
    return typeof process === "object" ? `${process.cwd().replaceAll("\\", "/")}/` : none;
  } catch {
    // It was removed.
    return none;
  }
}
