import { badHistory, type EventType, type HistoryEvent, type Place } from "../history.ts";
import { CasAnswers, type FormatReader, isEventType, TYPES_WANTED } from "./format-reader.ts";
import { forEachToken, refuseLost } from "./json-losses.ts";
import { quoted, type ReadLimits, shortened } from "./read-limits.ts";
import { LineSplitter } from "./line-splitter.ts";

const WANTED = '{"process":0,"type":"invoke","f":"put","key":"k1","value":7}';

/** The fields of an event, whatever stands in them. */
type Fields = Partial<Record<"index" | Exclude<keyof HistoryEvent, "place"> | "result", unknown>>;

/** Longer lines are looked at for depth before they are parsed, which takes long on deep ones. */
const LINE_SHORT = 65_536;

/**
 * Reads JSON lines, one event a line, as docs/history-format.md has them. Empty lines are skipped.
 *
 * Fields that the format does not name are ignored. Streams; linear in the text.
 */
export class JsonLinesReader implements FormatReader {
  readonly #file: string;
  readonly #depthMax: number;
  readonly #add: (event: HistoryEvent) => void;
  readonly #lines: LineSplitter;
  readonly #answers = new CasAnswers();
  #lastIndex = Number.NEGATIVE_INFINITY;

  constructor(file: string, limits: ReadLimits, add: (event: HistoryEvent) => void) {
    this.#file = file;
    this.#depthMax = limits.depthMax;
    this.#add = add;
    this.#lines = new LineSplitter(file, limits, (line, number) => this.#line(line, number));
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  end(): void {
    this.#lines.end();
  }

  #line(line: string, number: number): void {
    if (!line.startsWith("{") && line.trim() === "") return;
    const place: Place = { file: this.#file, line: number };
    if (line.length > LINE_SHORT) this.#checkDepthOf(line, place);
    const fields = parsed(line);
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
      throw badHistory(place, `${quoted(line)} is no event in JSON; write ${WANTED}`);
    }
    refuseLost(line, fields, place);
    this.#add(this.#event(fields, place));
  }

  #event(fields: Fields, place: Place): HistoryEvent {
    this.#checkIndex(fields.index, place);
    const type = typeOf(fields.type, place);
    const time = fields.time ?? null;
    if (time !== null && typeof time !== "number") {
      throw badHistory(place, `"time" is ${said(time)}; write a number, null or nothing`);
    }
    if (type === "crash") return { type, process: "", f: "", key: null, value: null, time, place };
    const process = fields.process;
    const isNamed = typeof process === "string" && process !== "";
    if (!isNamed && !(typeof process === "number" && Number.isSafeInteger(process))) {
      throw badHistory(place, `"process" is ${said(process)}; write a whole number or a name`);
    }
    const f = fields.f;
    if (typeof f !== "string" || f === "") {
      throw badHistory(place, `"f" is ${said(f)}; write the operation's name, as "get"`);
    }
    const key = fields.key ?? null;
    if (key !== null && typeof key !== "string") {
      throw badHistory(place, `"key" is ${said(key)}; write a string, null or nothing`);
    }
    const name = String(process);
    const given = this.#ordered(valueOf(type, fields), this.#depthMax, place);
    const isResult = type === "ok" && fields.result !== undefined;
    const value = isResult ? given : this.#answers.valueOf(type, name, f, given);
    const version = fields.version ?? null;
    if (version !== null && typeof version !== "number") {
      throw badHistory(place, `"version" is ${said(version)}; write a number, null or nothing`);
    }
    return { type, process: name, f, key, value, time, version, place };
  }

  /** Lines that were doubled or put out of order would make another history. */
  #checkIndex(index: unknown, place: Place): void {
    if (index === undefined || index === null) return;
    if (typeof index !== "number" || !Number.isSafeInteger(index)) {
      throw badHistory(place, `"index" is ${said(index)}; write a whole number, or leave it out`);
    }
    if (index <= this.#lastIndex) {
      const what = `"index" is ${index} after ${this.#lastIndex}`;
      throw badHistory(place, `${what}; events stand in the order in which they happened`);
    }
    this.#lastIndex = index;
  }

  /** The same value, the fields of its objects in one order: equal values then have equal JSON. */
  #ordered(value: unknown, depth: number, place: Place): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (depth === 0) throw this.#tooDeep(place);
    if (Array.isArray(value)) return value.map((item) => this.#ordered(item, depth - 1, place));
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      fields.map(([name, item]) => [name, this.#ordered(item, depth - 1, place)]),
    );
  }

  #checkDepthOf(line: string, place: Place): void {
    let depth = 0;
    forEachToken(line, (token) => {
      if (token === "{" || token === "[") depth++;
      else if (token === "}" || token === "]") depth--;
      // The event itself is one deep.
      if (depth > this.#depthMax + 1) throw this.#tooDeep(place);
    });
  }

  #tooDeep(place: Place): Error {
    return badHistory(
      place,
      `values more than ${this.#depthMax} deep in each other; write flat ones`,
    );
  }
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return null;
  }
}

function typeOf(type: unknown, place: Place): EventType {
  if (isEventType(type)) return type;
  throw badHistory(place, `"type" is ${said(type)}; write one of ${TYPES_WANTED}`);
}

/** The argument or the answer; what stands in a fail or info means nothing. */
function valueOf(type: EventType, { value = null, result }: Fields): unknown {
  if (type === "invoke") return value;
  if (type !== "ok") return null;
  return result === undefined ? value : result;
}

/** What stands where something else should, for a message. */
function said(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "object" && value !== null
    ? "a collection"
    : shortened(JSON.stringify(value));
}
