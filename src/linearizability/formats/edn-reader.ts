import { badHistory, type EventType, type HistoryEvent, type Place } from "../history.ts";
import { EdnForms } from "./edn-forms.ts";
import { EdnParser } from "./edn-parser.ts";
import { EdnKeyword, EdnMap, EdnOdd, EdnTagged, type EdnValue, EdnVector } from "./edn-value.ts";
import { CasAnswers, type FormatReader, isEventType, TYPES_WANTED } from "./format-reader.ts";
import { quoted, type ReadLimits } from "./read-limits.ts";
import { PlainValues } from "./plain-values.ts";

export interface EdnOptions {
  /** Each value is a pair of key and value, as jepsen.independent makes them. */
  readonly independent: boolean;
}

const FIELDS = ["process", "type", "f", "key", "value", "time"] as const;
type Field = (typeof FIELDS)[number];
type Fields = Partial<Record<Field, EdnValue>>;

const WANTED = "{:process 0, :type :invoke, :f :read, :value nil}";

/**
 * Reads histories of Jepsen and Knossos: maps one after the other, or in one vector or list.
 *
 * Fields other than process, type, f, key, value and time are skipped over, and so are events of a
 * process that is no number, as Jepsen's :nemesis. Streams.
 */
export class EdnReader implements FormatReader {
  readonly #file: string;
  readonly #limits: ReadLimits;
  readonly #options: EdnOptions;
  readonly #add: (event: HistoryEvent) => void;
  readonly #forms: EdnForms;
  readonly #plain = new PlainValues();
  readonly #answers = new CasAnswers();

  constructor(
    file: string,
    limits: ReadLimits,
    add: (event: HistoryEvent) => void,
    options: EdnOptions = { independent: false },
  ) {
    this.#file = file;
    this.#limits = limits;
    this.#options = options;
    this.#add = add;
    this.#forms = new EdnForms(file, limits, (form, line) => this.#form(form, line));
  }

  push(text: string): void {
    this.#forms.push(text);
  }

  end(): void {
    this.#forms.end();
  }

  #form(form: string, line: number): void {
    const place: Place = { file: this.#file, line };
    const values = new EdnParser(form, this.#file, line, this.#limits).values();
    // Nothing is left of an event behind #_, which comments it out.
    for (const value of values) {
      let event = value;
      while (event instanceof EdnTagged) event = event.value;
      if (!(event instanceof EdnMap)) {
        throw badHistory(place, `${quoted(form)} is no event; write ${WANTED}`);
      }
      this.#event(fieldsOf(event, place), place);
    }
  }

  #event(fields: Fields, place: Place): void {
    const { process, time = null } = fields;
    if (process instanceof EdnKeyword) return;
    if (typeof process !== "number" || !Number.isInteger(process)) {
      throw badHistory(place, `:process is ${said(process)}; write a whole number`);
    }
    const type = typeOf(fields, place);
    const f = nameOf(fields.f);
    if (f === null) throw badHistory(place, `:f is ${said(fields.f)}; write a keyword, as :read`);
    const { key, value } = this.#keyAndValue(fields, place);
    const says = type === "invoke" || type === "ok";
    const name = String(process);
    this.#add({
      type,
      process: name,
      f,
      key: this.#keyOf(key, place),
      // What stands in a fail or info is the argument again, or the reason.
      value: says ? this.#answers.valueOf(type, name, f, this.#plain.of(value, place)) : null,
      time: typeof time === "number" ? time : null,
      place,
    });
  }

  #keyAndValue(
    { key = null, value = null }: Fields,
    place: Place,
  ): { key: EdnValue; value: EdnValue } {
    if (!this.#options.independent) return { key, value };
    const pair = value instanceof EdnTagged ? value.value : value;
    if (pair instanceof EdnVector && pair.items.length === 2) {
      return { key: pair.items[0] ?? null, value: pair.items[1] ?? null };
    }
    throw badHistory(place, `:value is ${said(value)}; write a pair of key and value, as [:x 1]`);
  }

  #keyOf(key: EdnValue, place: Place): string | null {
    if (key === null) return null;
    const isName = typeof key === "string" || key instanceof EdnKeyword;
    if (!isName && !(typeof key === "number" && Number.isInteger(key))) {
      throw badHistory(place, `the key is ${said(key)}; write a string, a keyword or an integer`);
    }
    return this.#plain.keyOf(key, place);
  }
}

function fieldsOf(event: EdnMap, place: Place): Fields {
  const fields: Fields = {};
  for (const [key, value] of event.entries) {
    if (!(key instanceof EdnKeyword)) continue;
    const field = FIELDS.find((name) => name === key.name);
    if (field === undefined) continue;
    if (fields[field] !== undefined) throw badHistory(place, `:${field} stands twice in one event`);
    fields[field] = value;
  }
  return fields;
}

function typeOf({ type }: Fields, place: Place): EventType {
  const name = type instanceof EdnKeyword ? type.name : "";
  if (isEventType(name)) return name;
  throw badHistory(place, `:type is ${said(type)}; write a keyword, one of ${TYPES_WANTED}`);
}

function nameOf(value: EdnValue | undefined): string | null {
  if (value instanceof EdnKeyword) return value.name;
  return typeof value === "string" && value !== "" ? value : null;
}

/** What stands where something else should, for a message. */
function said(value: EdnValue | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "nil";
  if (value instanceof EdnKeyword) return quoted(`:${value.name}`);
  if (value instanceof EdnOdd) return quoted(value.text);
  if (typeof value === "object") return "a collection";
  return quoted(String(value));
}
