import type { HistoryLines } from "./history-lines.ts";
import { hasWritten, type Outcome, type PlannedRequest } from "./planned-request.ts";
import type { PossibleValues } from "./possible-values.ts";

/** A request that is under way. */
export interface OpenRequest {
  readonly request: PlannedRequest;
  /** Who does each of its operations: nobody does two at once in a history. */
  readonly processes: readonly string[];
  readonly beganAt: number;
}

/**
 * Tells the history and the tracker of writes what requests do.
 *
 * While the server is being killed, what breaks off is left open in the history: the line that
 * says `crash` closes it, and says more than "unknown" would: that it never happens afterwards.
 */
export class Recorder {
  readonly #history: HistoryLines | null;
  readonly #possible: PossibleValues;
  isCrashing = false;
  #underWay = 0;

  constructor(history: HistoryLines | null, possible: PossibleValues) {
    this.#history = history;
    this.#possible = possible;
  }

  /** How many requests have begun and not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Notes that a request is about to be made. */
  begin(client: string, request: PlannedRequest): OpenRequest {
    this.#underWay++;
    const processes = request.operations.map((_, i) => (i === 0 ? client : `${client}.${i}`));
    for (const [i, operation] of request.operations.entries()) {
      this.#history?.invoke(processes[i] ?? client, operation);
    }
    return { request, processes, beganAt: this.#possible.moment() };
  }

  /** Notes what came of it. */
  end({ request, processes, beganAt }: OpenRequest, outcome: Outcome): void {
    this.#underWay--;
    for (const [i, operation] of request.operations.entries()) {
      const { key, leaves } = operation;
      const process = processes[i] ?? "";
      if (outcome.kind === "done") {
        const value = outcome.answers[i] ?? null;
        this.#history?.end(process, operation, { type: "ok", value });
        if (leaves !== undefined && key !== null && hasWritten(operation, value)) {
          this.#possible.acknowledge(key, leaves, beganAt);
        }
      } else if (outcome.kind === "nothing") {
        this.#history?.end(process, operation, { type: "fail" });
      } else {
        if (!this.isCrashing) this.#history?.end(process, operation, { type: "info" });
        if (leaves !== undefined && key !== null) this.#possible.suspect(key, leaves);
      }
    }
  }

  /** Notes that the server has ended. Requires: nothing is waited for any more. */
  crash(): void {
    this.#history?.crash();
    this.#possible.crash();
    this.isCrashing = false;
  }

  /** Notes what a key held before the run, as a write of one who did nothing else. */
  found(key: string, value: string | null): void {
    if (value === null) return;
    const put = { f: "put", key, value } as const;
    this.#history?.invoke("before", put);
    this.#history?.end("before", put, { type: "ok", value: null });
  }
}
