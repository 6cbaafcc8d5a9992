import { LatchworkError, optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { badHistory, type History, HistoryBuilder, type HistoryEvent } from "../history.ts";
import {
  DETECT_LENGTH_MAX,
  detectFormat,
  HISTORY_FORMATS,
  type HistoryFormat,
} from "./detect-format.ts";
import { EdnReader } from "./edn-reader.ts";
import { EtcdLogReader } from "./etcd-log-reader.ts";
import type { FormatReader } from "./format-reader.ts";
import { JsonLinesReader } from "./json-lines-reader.ts";
import { quoted, READ_LIMITS, type ReadLimits } from "./read-limits.ts";
import { isBinary, MAGIC_LENGTH_MAX, noTextByMagic } from "./no-text.ts";
import { PorcupineKvReader } from "./porcupine-kv-reader.ts";

export interface ReadOptions {
  /** What the file is called in messages; "history" if left out. */
  readonly file?: string;
  /** `auto`, the default, goes by how the file begins. */
  readonly format?: HistoryFormat | "auto";
  /** In EDN, each value is a pair of key and value, as jepsen.independent makes them. */
  readonly independent?: boolean;
  readonly limits?: Partial<ReadLimits>;
  /** Sees each event before it becomes part of the history. */
  readonly onEvent?: (event: HistoryEvent) => void;
}

const OPTION_NAMES = optionNames<ReadOptions>({
  file: true,
  format: true,
  independent: true,
  limits: true,
  onEvent: true,
});

/**
 * Reads a history that comes in pieces, as bytes (UTF-8) or as text.
 *
 * Holds one event's text at most, besides the history itself. After a fault it is of no more use.
 */
export class HistoryReader {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #limits: ReadLimits;
  readonly #builder = new HistoryBuilder({ isNormal: true });
  readonly #utf8 = new TextDecoder("utf-8");
  #reader: FormatReader | null = null;
  #format: HistoryFormat | null = null;
  #beginning = "";
  #head: Uint8Array = new Uint8Array();

  /**
   * @throws LatchworkError UNKNOWN_NAME for an unknown format, BAD_ARGUMENT for an unknown
   *   option.
   */
  constructor(options: ReadOptions = {}) {
    refuseUnknownOptions("a reader", options, OPTION_NAMES);
    refuseUnknownOptions("limits", options.limits, Object.keys(READ_LIMITS));
    this.#file = options.file ?? "history";
    this.#options = options;
    this.#limits = { ...READ_LIMITS, ...options.limits };
    const { format = "auto" } = options;
    if (format === "auto") return;
    if (!HISTORY_FORMATS.includes(format)) {
      const known = HISTORY_FORMATS.join(", ");
      throw new LatchworkError("UNKNOWN_NAME", `no history format "${format}"; write ${known}`);
    }
    this.#open(format);
  }

  /** The format that was asked for or found; null while too little has been seen. */
  get format(): HistoryFormat | null {
    return this.#format;
  }

  /** @throws LatchworkError BAD_HISTORY naming file and line, and what would be right. */
  push(piece: string | Uint8Array): void {
    if (typeof piece === "string") return this.#push(piece);
    this.#refuseNoText(piece);
    this.#push(this.#utf8.decode(piece, { stream: true }));
  }

  /**
   * Ends the file and gives the history.
   *
   * @throws LatchworkError BAD_HISTORY if what came is not all of a history.
   */
  end(): History {
    this.#push(this.#utf8.decode());
    if (this.#reader === null) this.#detect();
    this.#reader?.end();
    return this.#builder.build();
  }

  /** Looks at the first bytes of the file. */
  #refuseNoText(piece: Uint8Array): void {
    if (this.#head.length >= MAGIC_LENGTH_MAX) return;
    this.#head = Uint8Array.of(...this.#head, ...piece.subarray(0, MAGIC_LENGTH_MAX));
    const said = noTextByMagic(this.#head);
    if (said !== null) throw badHistory({ file: this.#file, line: 1 }, `this is ${said}`);
  }

  #push(text: string): void {
    if (this.#reader !== null) {
      this.#reader.push(text);
      return;
    }
    this.#beginning += text;
    // The first line decides; empty ones before it do not count.
    const hasLine = text.includes("\n") && this.#beginning.trimStart().includes("\n");
    if (hasLine || this.#beginning.length >= DETECT_LENGTH_MAX) this.#detect();
  }

  #detect(): void {
    const text = this.#beginning;
    const format = detectFormat(text.slice(0, DETECT_LENGTH_MAX));
    if (format === null) {
      const start = text.trimStart();
      const line = text.slice(0, text.length - start.length).split("\n").length;
      const first = start.split("\n", 1)[0] ?? "";
      if (isBinary(text)) {
        const right = "give a history as text: JSON lines, EDN or a log";
        throw badHistory({ file: this.#file, line }, `this is no text in UTF-8; ${right}`);
      }
      const what = `${quoted(first)} begins no format that is known`;
      const known = HISTORY_FORMATS.join(", ");
      const right = `write JSON lines, one event a line, or name one of ${known}`;
      throw badHistory({ file: this.#file, line }, `${what}; ${right}`);
    }
    this.#beginning = "";
    this.#open(format).push(text.replace(/^\ufeff/, ""));
  }

  #open(format: HistoryFormat): FormatReader {
    const reader = this.#readerOf(format);
    this.#reader = reader;
    this.#format = format;
    return reader;
  }

  #readerOf(format: HistoryFormat): FormatReader {
    const { onEvent, independent = false } = this.#options;
    const add = (event: HistoryEvent): void => {
      onEvent?.(event);
      this.#builder.add(event);
    };
    switch (format) {
      case "jsonl":
        return new JsonLinesReader(this.#file, this.#limits, add);
      case "edn":
        return new EdnReader(this.#file, this.#limits, add, { independent });
      case "etcd":
        return new EtcdLogReader(this.#file, this.#limits, add);
      case "porcupine-kv":
        return new PorcupineKvReader(this.#file, this.#limits, add);
    }
  }
}

/**
 * Reads a history from one text.
 *
 * @throws LatchworkError BAD_HISTORY naming file and line, and what would be right.
 */
export function readHistory(content: string | Uint8Array, options: ReadOptions = {}): History {
  const reader = new HistoryReader(options);
  reader.push(content);
  return reader.end();
}

/**
 * Reads a history from a stream: a file's, a request's, standard input.
 *
 * @throws LatchworkError BAD_HISTORY naming file and line, and what would be right.
 */
export async function readHistoryFrom(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: ReadOptions = {},
): Promise<History> {
  const reader = new HistoryReader(options);
  for await (const piece of pieces) reader.push(piece);
  return reader.end();
}
