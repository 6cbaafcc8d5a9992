import type {
  CrashRule,
  ExplanationFact,
  GivenUp,
  HistoryFormat,
  Note,
  ScanRule,
} from "../../linearizability/index.ts";
import type { Pace } from "../progress.ts";

/** What a read of null means: nothing is there, or what was there was not recorded. */
export type NilRule = "absent" | "unknown";

/** What the thread that checks has to do. Plain data: it is copied from thread to thread. */
export interface CheckRequest {
  readonly path: string;
  readonly model: string;
  /** Undefined for the model's own first value. */
  readonly initial: unknown;
  /** What a read of null means; null for the model's own rule. */
  readonly nil: NilRule | null;
  /** Whether scans leave out the high end of their range. */
  readonly halfOpen: boolean;
  readonly format: HistoryFormat | "auto";
  readonly independent: boolean;
  readonly scan: ScanRule;
  readonly crash: CrashRule;
  readonly partition: boolean;
  readonly timeMs: number | null;
  readonly memoryBytes: number;
  /** Null for as many as pay. */
  readonly threads: number | null;
  /** Whether to give the order that explains a history, which is as large as the history. */
  readonly witness: boolean;
  readonly explain: boolean;
  readonly html: boolean;
  readonly svg: boolean;
}

/** An operation, and where it was read. */
export interface Cited {
  readonly id: number;
  readonly line: number;
  readonly text: string;
}

/** Why a history is not linearizable: what `explain` found, with its operations cited. */
export interface ExplanationReport {
  readonly keys: readonly string[];
  readonly core: readonly Cited[];
  readonly isMinimal: boolean;
  readonly operation: Cited | null;
  /** The short names that the sentences use, and the operations they stand for. */
  readonly named: readonly {
    readonly name: string;
    readonly id: number;
    readonly isCore: boolean;
  }[];
  /** What follows from what, as data. */
  readonly facts: readonly ExplanationFact[];
  /** The same in words. */
  readonly sentences: readonly string[];
}

/** An option that the user may have meant to give. */
export type MeantOption =
  | "--model kv-append"
  | "--half-open"
  | "--nil unknown"
  | "--model knossos-cas-register"
  | "--independent";

/** A note as data. */
export type NoteFact =
  | Note
  | { readonly kind: "option"; readonly option: MeantOption }
  /** The history did not fit into the heap; one of so many MB may do. */
  | { readonly kind: "larger-heap"; readonly megabytes: number };

/** How large a history is. */
export interface Counts {
  readonly operations: number;
  readonly clients: number;
  /** Keys that operations name. */
  readonly keys: number;
  readonly events: number;
  readonly crashes: number;
}

/** The result for one file. Plain data, as it crosses from thread to thread. */
export interface CheckReport {
  readonly file: string;
  readonly model: string;
  /** Whether each key is an object of its own, of a model that knows no keys. */
  readonly perKey: boolean;
  /** Rules other than the usual ones by which it was judged, as far as they matter to the file. */
  readonly rules: readonly string[];
  /** Null if the file was not read so far. */
  readonly format: HistoryFormat | null;
  readonly verdict: "linearizable" | "not-linearizable" | "unknown" | "bad-input";
  /** What is wrong with the input, or what stopped the reading: one line. */
  readonly problem: string | null;
  /** Null if the file was not read to its end. */
  readonly counts: Counts | null;
  readonly readSeconds: number;
  readonly checkSeconds: number;
  /** For explanation and pictures. */
  readonly extraSeconds: number;
  /** Configurations that the search expanded. */
  readonly explored: number;
  /** Linearizable: an order that explains every answer, if it was asked for. */
  readonly witness: readonly Cited[] | null;
  /** Otherwise, the keys that the verdict is about; empty if keys do not matter. */
  readonly keys: readonly string[];
  /** Not linearizable: where no order was left. Unknown: how far the search got. */
  readonly event: number | null;
  readonly operation: Cited | null;
  readonly open: readonly Cited[];
  readonly reason: GivenUp | null;
  /** Not linearizable: why, if it was asked for. */
  readonly explanation: ExplanationReport | null;
  /** Pictures, where they were asked for. */
  readonly html: string | null;
  readonly svg: string | null;
  /** What to know about the verdict, or what may have been meant otherwise. */
  readonly notes: readonly string[];
  /** The same as data, in the same order. */
  readonly noteFacts: readonly NoteFact[];
  /** Those of the notes that put the verdict in doubt whatever it is. */
  readonly warnings: readonly string[];
  /**
   * Not linearizable: the explanation, if it was asked for, or else where the search ended.
   * Unknown: how far it got. In JSON they are one `text`.
   */
  readonly lines: readonly string[];
}

/** What the thread that checks sends. */
export type CheckMessage =
  | ({ readonly kind: "pace" } & Pace)
  | { readonly kind: "report"; readonly report: CheckReport };

/** What it is sent. */
export type CheckOrder =
  | { readonly kind: "check"; readonly request: CheckRequest }
  | { readonly kind: "interrupt" };

/** An empty report. */
export function emptyReport(file: string, model: string): CheckReport {
  return {
    file,
    model,
    perKey: false,
    rules: [],
    format: null,
    verdict: "unknown",
    problem: null,
    counts: null,
    readSeconds: 0,
    checkSeconds: 0,
    extraSeconds: 0,
    explored: 0,
    witness: null,
    keys: [],
    event: null,
    operation: null,
    open: [],
    reason: null,
    explanation: null,
    html: null,
    svg: null,
    notes: [],
    noteFacts: [],
    warnings: [],
    lines: [],
  };
}
