import type { LatencyFigures } from "./latencies.ts";
import type { RequestKind } from "./mix.ts";

/** A key that holds at the end what it cannot hold if acknowledgements mean anything. */
export interface LostWrite {
  readonly key: string;
  readonly found: string | null;
  /** What it may hold: some are acknowledged writes, some of unknown outcome. */
  readonly expected: readonly (string | null)[];
}

/** What came of a stress run. */
export interface StressReport {
  /** How long requests were drawn. */
  readonly seconds: number;
  /** Requests that did what was asked, and so many a second. */
  readonly answered: number;
  readonly rate: number;
  readonly byKind: Readonly<Partial<Record<RequestKind, LatencyFigures>>>;
  readonly all: LatencyFigures;
  /** How often each status was answered, also outside of the time that is measured. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers 429; each was asked again once Retry-After was over. */
  readonly busy: number;
  /** Requests that broke off: their outcome is unknown. */
  readonly broken: number;
  /** Requests that found no connection, and so never left. */
  readonly unsent: number;
  /** Keys read at the end. */
  readonly verified: number;
  readonly lost: readonly LostWrite[];
  /** Lines of the history. */
  readonly events: number;
  /** What a right server does not do, a line each; empty if all was right. */
  readonly problems: readonly string[];
}
