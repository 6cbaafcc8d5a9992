import type { CrashRule } from "../divide.ts";
import type { Sentence } from "../explain/index.ts";

/** Outcomes as {@link PictureData.outcomes} numbers them. */
export const OUTCOMES = ["ok", "fail", "info", "pending"] as const;

/**
 * Everything a picture shows, as columns that can be written as JSON. Texts can be shown as they
 * are: of bounded length, without invisible characters.
 *
 * `fs`, `inputs`, `outputs`, `before` and `after` are places in `texts`; -1 stands for none.
 */
export interface PictureData {
  readonly title: string;
  readonly kind: "linearizable" | "not-linearizable" | "unknown";
  /** What was found, in one line that does not repeat the verdict. */
  readonly headline: string;
  /** Why; empty without an explanation. */
  readonly sentences: readonly Sentence[];
  readonly model: string;
  readonly events: number;
  readonly texts: readonly string[];
  readonly processes: readonly string[];
  readonly keys: readonly string[];
  readonly files: readonly string[];
  /** One entry for each operation, in order of invocation. */
  readonly fs: readonly number[];
  /** Places in `processes`. */
  readonly process: readonly number[];
  /** Places in `keys`; -1 without key, -2 of several keys, -3 of several that are not at fault. */
  readonly key: readonly number[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly outcomes: readonly number[];
  /** Order numbers of events; -1 in `returned` if there is none. */
  readonly invoked: readonly number[];
  readonly returned: readonly number[];
  /** Places in `files`, and lines there. */
  readonly file: readonly number[];
  readonly line: readonly number[];
  /** Order numbers of crashes. */
  readonly crashes: readonly number[];
  /** Says how long an operation may take effect whose outcome is not known. */
  readonly crashRule: CrashRule;
  /** Of each event, from the first one's, never falling; null if the history has no times. */
  readonly times: readonly number[] | null;
  /** Ids of operations in the order shown, and the state before and after each. */
  readonly order: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Places in `keys` of those that the verdict is about; none means all. */
  readonly verdictKeys: readonly number[];
  /** The key whose state the lane shows: a place in `keys`; -1 the whole object; -2 none. */
  readonly lane: number;
  /** Ids of a set of operations that cannot be explained; empty if not known. */
  readonly core: readonly number[];
  /** Operations that the sentences speak of, and the short name of each. */
  readonly named: readonly number[];
  readonly names: readonly string[];
  /** The operation whose answer no order explains; -1 if none. */
  readonly stuck: number;
  /** Where the order ends: what was answered there, and what the states would have allowed. */
  readonly notes: readonly string[];
}
