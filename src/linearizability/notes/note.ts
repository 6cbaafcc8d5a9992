/**
 * Something to know before a verdict is believed, as data. Operations are ids of the history.
 * `note-text.ts` puts it into words.
 */
export type Note =
  /** Times go back, at `count` of the `timed` events; the first that does is of this operation. */
  | {
      readonly kind: "times";
      readonly count: number;
      readonly timed: number;
      readonly operation: number;
      /** True if the event is its answer. */
      readonly isReturn: boolean;
      readonly from: number;
      readonly to: number;
    }
  /** The first operation that found what no operation wrote: the object may have begun with it. */
  | {
      readonly kind: "start";
      readonly operation: number;
      /** The key, register or element; null if the object has one value only. */
      readonly key: string | null;
      readonly value: unknown;
      /** True if `key` is an element of a set. */
      readonly isElement: boolean;
      /** What the model would have to start with; undefined if it cannot start with that. */
      readonly initial?: unknown;
    }
  /** Of the `answers` to `f`, `count` agree with every state. */
  | {
      readonly kind: "null-reads" | "missing" | "echoes";
      readonly f: string;
      readonly count: number;
      readonly answers: number;
    }
  /** Every answer to a change of the counter repeats its argument. */
  | { readonly kind: "echo-totals" };

export type NoteKind = Note["kind"];
