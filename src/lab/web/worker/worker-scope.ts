/** What is used of the global scope of a worker. */
export interface WorkerScope {
  addEventListener(kind: "message", hear: (event: MessageEvent<unknown>) => void): void;
  addEventListener(kind: "error", hear: (event: ErrorEvent) => void, once: { once: true }): void;
  removeEventListener(kind: "error", hear: (event: ErrorEvent) => void): void;
  postMessage(message: unknown): void;
}
