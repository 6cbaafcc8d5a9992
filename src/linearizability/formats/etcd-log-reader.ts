import { badHistory, type HistoryEvent, type Place } from "../history.ts";
import { CasAnswers, type FormatReader, isEventType } from "./format-reader.ts";
import { exactNumber } from "./exact-number.ts";
import { quoted, type ReadLimits } from "./read-limits.ts";
import { LineSplitter } from "./line-splitter.ts";

const LINE = /^INFO\s+jepsen\.util\s+-\s+(\d{1,15}|:[\w-]+)\s+:(\w+)\s+:([\w-]+)\s+(\S.*?)\s*$/;
const PAIR = /^\[(\S+) (\S+)\]$/;

const WANTED = "INFO  jepsen.util - 0 :invoke :write 3, with tabs before the colons";

/**
 * Reads the logs of an etcd compare-and-set register that Porcupine is tested with: Jepsen's own
 * log lines of 2014. Values are integers, nil, and pairs of these for cas. `:timed-out` in place of
 * a value says why nothing is known. Events of a process that is a keyword are skipped. Streams.
 */
export class EtcdLogReader implements FormatReader {
  readonly #file: string;
  readonly #add: (event: HistoryEvent) => void;
  readonly #lines: LineSplitter;
  readonly #answers = new CasAnswers();

  constructor(file: string, limits: ReadLimits, add: (event: HistoryEvent) => void) {
    this.#file = file;
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
    if (line.trim() === "") return;
    const place: Place = { file: this.#file, line: number };
    // A long line is none of these; the pattern need not find that out.
    const match = line.length > 1000 ? null : LINE.exec(line);
    const [, process = "", type, f = "", text = ""] = match ?? [];
    if (process.startsWith(":")) return;
    if (!isEventType(type) || type === "crash") {
      throw badHistory(place, `${quoted(line)} is no event; write ${WANTED}`);
    }
    const says = type === "invoke" || type === "ok";
    const value = says ? this.#answers.valueOf(type, process, f, valueOf(text, place)) : null;
    this.#add({ type, process: String(Number(process)), f, key: null, value, time: null, place });
  }
}

function valueOf(text: string, place: Place): unknown {
  const pair = PAIR.exec(text);
  if (pair !== null) return [atomOf(pair[1] ?? "", place), atomOf(pair[2] ?? "", place)];
  return atomOf(text, place);
}

function atomOf(text: string, place: Place): number | null {
  if (text === "nil") return null;
  const number = /^-?\d+$/.test(text) ? exactNumber(text) : null;
  if (number !== null) return number;
  throw badHistory(place, `the value ${quoted(text)}; write an integer, nil, or a pair, as [1 2]`);
}
