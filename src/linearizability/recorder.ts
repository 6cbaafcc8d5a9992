import {
  type Clock,
  LatchworkError,
  optionNames,
  printable,
  refuseUnknownOptions,
} from "../task/index.ts";
import { type EventType, type History, HistoryBuilder, type HistoryEvent } from "./history.ts";
import { JSON_RIGHT, jsonCopy, throughJson } from "./json-value.ts";

const ENCODING_RIGHT = 'encoding: "json" if the object keeps values as JSON';

/** What a call is in the history. */
export interface RecordedCall<R> {
  /** The operation's name in the model, as `put`. */
  readonly f: string;
  readonly key?: string | null;
  /** Its argument, as {@link RecorderOptions.encoding} has it; null if left out. */
  readonly value?: unknown;
  /** The answer, in the same way; if left out, what the call resolves to. */
  readonly answer?: (result: R) => unknown;
  /** The version that the system says the call made or saw; see {@link Operation.version}. */
  readonly version?: (result: R) => number | null;
}

/** For each method that is to be recorded, what a call of it is. */
export type RecordedMethods<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => RecordedCall<R>
    : never;
};

/**
 * How arguments and answers are compared.
 *
 * - `plain`: as they are. What some encodings keep and others do not is refused, before the call is
 *   made: dates, bytes, maps, sets, bigints, NaN, objects of a class, functions, and all else that
 *   JSON would change. Only undefined is taken as JSON takes it: a field is left out, an item of a
 *   list is null.
 * - `json`: as JSON text has them, dates as strings and NaN as null. For an object that keeps
 *   values as JSON, which so gives back what was put, if it is right.
 *
 * For any other encoding, encode in `value` and `answer` yourself, the same way in both.
 */
export type ValueEncoding = "plain" | "json";

const ENCODINGS: readonly ValueEncoding[] = ["plain", "json"];

export interface RecorderOptions {
  readonly clock: Clock;
  /** `plain` unless given. */
  readonly encoding?: ValueEncoding;
  /** Gets each event as it happens, for instance to write it to a file. */
  readonly onEvent?: (event: HistoryEvent) => void;
  /**
   * True of an error which proves that the call has done nothing and never will. From any other
   * error nothing follows: the operation may have happened, or may still.
   */
  readonly hasFailed?: (error: unknown) => boolean;
  /** Gives up waiting for a call after so many milliseconds, with TIMED_OUT. */
  readonly timeout?: { readonly ms: number; readonly sleep: (ms: number) => Promise<void> };
}

const OPTION_NAMES = optionNames<RecorderOptions>({
  clock: true,
  encoding: true,
  onEvent: true,
  hasFailed: true,
  timeout: true,
});

interface OpenCall {
  readonly process: number;
  readonly f: string;
  readonly key: string | null;
  isOpen: boolean;
}

/**
 * Records what callers do with a real object, and when, as a history that can be checked.
 *
 * An operation's interval begins before the object is called and ends after it has answered, so it
 * is never shorter than the truth: a recording never makes a right object look wrong. Each call
 * that overlaps others gets a process of its own; one whose outcome is unknown keeps it for ever,
 * as in Jepsen.
 *
 *     const recorder = new HistoryRecorder({ clock });
 *     const store = recorder.wrap(client, {
 *       get: (key) => ({ f: "get", key }),
 *       put: (key, value) => ({ f: "put", key, value, answer: () => null }),
 *     });
 *     await Promise.all([store.put("k", 1), store.get("k")]);
 *     checkHistory(recorder.history(), kvModel);
 */
export class HistoryRecorder {
  readonly #options: RecorderOptions;
  readonly #isJson: boolean;
  readonly #builder = new HistoryBuilder({ isNormal: true });
  readonly #open = new Set<OpenCall>();
  readonly #freeProcesses: number[] = [];
  #processes = 0;
  #events = 0;

  /** @throws LatchworkError BAD_ARGUMENT if there is no clock, or no such encoding. */
  constructor(options: RecorderOptions) {
    if (!isFunction(fieldOf(fieldOf(options, "clock"), "nowMs"))) {
      const right = "give { clock: { nowMs: () => performance.now() } }";
      throw new LatchworkError("BAD_ARGUMENT", `recorder: options.clock is no clock; ${right}`);
    }
    refuseUnknownOptions("a recorder", options, OPTION_NAMES);
    refuseUnknownOptions("timeout", options.timeout, ["ms", "sleep"]);
    const { encoding = "plain" } = options;
    if (!ENCODINGS.includes(encoding)) {
      throw wrongName("options.encoding", encoding, ENCODINGS.join(" or "));
    }
    this.#options = options;
    this.#isJson = encoding === "json";
  }

  /** What was recorded so far; calls that have not answered are pending in it. */
  history(): History {
    return this.#builder.build();
  }

  /** The same object, with the named methods recorded. Everything else goes straight to it. */
  wrap<T extends object>(object: T, methods: RecordedMethods<T>): T {
    const wrapped = new Map<PropertyKey, unknown>();
    for (const [name, describe] of Object.entries<unknown>(methods)) {
      const method: unknown = Reflect.get(object, name);
      if (!isFunction(method) || !isFunction(describe)) {
        const what = `recorder: ${name} is no method of the object`;
        throw new LatchworkError("BAD_ARGUMENT", `${what}; name methods that return a promise`);
      }
      wrapped.set(name, (...args: unknown[]) =>
        this.call(asCall(describe(...args)), () => method.apply(object, args)),
      );
    }
    return new Proxy(object, {
      get(target, name): unknown {
        const own = wrapped.get(name);
        if (own !== undefined) return own;
        const value: unknown = Reflect.get(target, name);
        // A method of a class may use private fields, which only the object itself has.
        return isFunction(value) ? value.bind(target) : value;
      },
    });
  }

  /** The same function, recorded. */
  wrapFunction<A extends unknown[], R>(
    run: (...args: A) => Promise<R>,
    describe: (...args: A) => RecordedCall<R>,
  ): (...args: A) => Promise<R> {
    return (...args) => this.call(describe(...args), () => run(...args));
  }

  /**
   * Runs one call and records it; resolves and rejects as the call does.
   *
   * @throws LatchworkError BAD_HISTORY if argument or answer cannot be recorded as they are. If the
   *   argument, nothing is called or recorded; if the answer, the operation is recorded as one of
   *   unknown outcome. TIMED_OUT if it took too long.
   */
  async call<R>(call: RecordedCall<R>, run: () => Promise<R> | R): Promise<R> {
    const open = this.#invoke(call);
    let result: R;
    try {
      result = await this.#within(open, run);
    } catch (error) {
      const hasFailed = this.#options.hasFailed?.(error) ?? false;
      this.#return(open, hasFailed ? "fail" : "info", null);
      throw error;
    }
    let answer: unknown = null;
    let version: number | null = null;
    try {
      const said = call.answer === undefined ? result : call.answer(result);
      answer = this.#recorded(said, `answer of ${call.f}`);
      version = versionOf(call, result);
    } catch (error) {
      this.#return(open, "info", null);
      throw error;
    }
    this.#return(open, "ok", answer, version);
    return result;
  }

  /**
   * Records a power failure of the whole system under test. Calls that are open are cut off by it;
   * whatever they answer later is no longer recorded.
   */
  crash(): void {
    for (const open of this.#open) open.isOpen = false;
    this.#open.clear();
    this.#add("crash", "", "", null, null);
  }

  #recorded(value: unknown, whose: string): unknown {
    return this.#isJson
      ? jsonCopy(throughJson(value, whose), whose)
      : jsonCopy(value, whose, `${JSON_RIGHT}, or the recorder ${ENCODING_RIGHT}`);
  }

  #invoke<R>(call: RecordedCall<R>): OpenCall {
    const { f, key = null } = call;
    if (typeof f !== "string" || f === "")
      throw wrongName("f", f, 'its name in the model, as "get"');
    if (key !== null && typeof key !== "string") throw wrongName(`key of ${f}`, key, "a string");
    const value = this.#recorded(call.value, `argument of ${f}`);
    const open = { process: this.#freeProcesses.pop() ?? this.#processes++, f, key, isOpen: true };
    this.#open.add(open);
    this.#add("invoke", String(open.process), f, key, value);
    return open;
  }

  async #within<R>(open: OpenCall, run: () => Promise<R> | R): Promise<R> {
    const { timeout } = this.#options;
    if (timeout === undefined) return await run();
    const late = timeout.sleep(timeout.ms).then((): R => {
      const what = `${open.f} has not answered in ${timeout.ms} ms`;
      throw new LatchworkError("TIMED_OUT", `${what}; it may still happen`);
    });
    // Even what `run` throws at once has to come as a promise, or nobody would hear of `late`.
    const running = (async (): Promise<R> => await run())();
    return await Promise.race([running, late]);
  }

  #return(
    open: OpenCall,
    type: "ok" | "fail" | "info",
    value: unknown,
    version: number | null = null,
  ): void {
    if (!open.isOpen) return;
    open.isOpen = false;
    this.#open.delete(open);
    this.#add(type, String(open.process), open.f, open.key, value, version);
    if (type !== "info") this.#freeProcesses.push(open.process);
  }

  #add(
    type: EventType,
    process: string,
    f: string,
    key: string | null,
    value: unknown,
    version: number | null = null,
  ): void {
    // The line that the event has in the file, if the recording is written to one.
    const place = { file: "recording", line: ++this.#events };
    const time = this.#options.clock.nowMs();
    const event = { type, process, f, key, value, time, version, place };
    this.#builder.add(event);
    this.#options.onEvent?.(event);
  }
}

/** Programs without types may name things by numbers, which no file of a history could hold. */
function wrongName(what: string, found: unknown, right: string): LatchworkError {
  return new LatchworkError(
    "BAD_ARGUMENT",
    printable(`recorder: ${what} is ${String(found)}; give ${right}`),
  );
}

function versionOf<R>(call: RecordedCall<R>, result: R): number | null {
  const version = call.version?.(result) ?? null;
  if (version === null || Number.isFinite(version)) return version;
  throw new LatchworkError(
    "BAD_HISTORY",
    `version of ${call.f} is ${version}: expected a finite number`,
  );
}

type Callable = (this: unknown, ...args: unknown[]) => unknown;

function isFunction(value: unknown): value is Callable {
  return typeof value === "function";
}

/** A field of something that may be no object. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function asCall(value: unknown): RecordedCall<unknown> {
  return value as RecordedCall<unknown>;
}
