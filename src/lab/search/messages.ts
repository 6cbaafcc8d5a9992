import type { Answer, Order, Pace } from "./orders.ts";

/** What a page sends to a worker. All of it can be cloned. */
export type ToWorker =
  /** To be carried out, under the number by which it is answered. */
  | { readonly kind: "do"; readonly id: number; readonly order: Order }
  /** To be stopped: it answers with what it has. */
  | { readonly kind: "stop"; readonly id: number };

/** What a worker sends to its page. */
export type FromWorker =
  | { readonly kind: "pace"; readonly id: number; readonly pace: Pace }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  /** It could not be carried out; why, in a line or two. */
  | { readonly kind: "fault"; readonly id: number; readonly message: string }
  /** The protocols of the reader's own that the worker has, or why it has none. */
  | { readonly kind: "protocols"; readonly names: readonly string[] }
  | { readonly kind: "refused"; readonly message: string; readonly line: number | null };
