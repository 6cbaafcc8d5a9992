import { type Failure, taskToken } from "../../sim/index.ts";
import { LatchworkError } from "../../task/index.ts";
import { Explainer, isRead, type Unexplained } from "./explainer.ts";
import type { History, OperationRecord } from "./run-history.ts";
import { KeyHistories, plainLine, unexplained } from "./key-histories.ts";
import type { Contents } from "./key-history.ts";
import { type Durability, formatOperation } from "../scenario/index.ts";
import { describeOutcome } from "./outcomes.ts";
import type { Entries } from "./read-contents.ts";

/**
 * Judges a run with crashes by durable linearizability (Izraelevitz, Mendes and Scott, DISC 2016):
 * the history without its crashes must be linearizable, where an operation that a crash cut off has
 * taken effect before that crash, as a whole, or never.
 *
 * Where reads do not wait for the log, what they saw may be lost in the crash. Then the history is
 * judged without them, and each part before a crash once more with them and without what follows.
 */
export class CrashOracle {
  readonly #history: History;
  readonly #durableReads: boolean;
  readonly #keys: KeyHistories;
  readonly #explainer: Explainer;

  /**
   * @throws LatchworkError BAD_SCENARIO for a batch that writes a key twice: a reader may see
   *   either write, which no single one explains.
   */
  constructor(history: History, before: Contents, reads: Durability["reads"], isAtomic: boolean) {
    refuseTwice(history);
    this.#history = history;
    this.#durableReads = reads === "durable";
    this.#keys = new KeyHistories(history, before);
    this.#explainer = new Explainer(history, this.#keys, isAtomic);
  }

  /** Judges the run that just ended, by what its trees hold. Null: all is explained. */
  judge(trees: readonly Entries[]): Failure | null {
    const wrong = this.#keys.noteEnd(trees);
    if (wrong !== null) return wrong;
    const epochs = this.#history.crashedAt.length;
    const counts = (record: OperationRecord): boolean =>
      this.#durableReads || !isRead(record) || record.epoch === epochs;
    const lost = this.#explainer.unexplained({ counts, withEnd: true });
    if (lost !== null) return this.#refute(lost);
    if (this.#durableReads) return null;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const upTo = (record: OperationRecord): boolean =>
        record.epoch < epoch ? !isRead(record) : record.epoch === epoch;
      const odd = this.#explainer.unexplained({ counts: upTo, withEnd: false });
      if (odd !== null) return this.#refute(odd);
    }
    return null;
  }

  /** For one batch cut off: why it cannot have taken effect, and why it must have. */
  #choiceLines(): string[] {
    const { choices } = this.#explainer;
    if (choices.length !== 2) return [];
    return choices.flatMap(({ done, odd }) => {
      const [batch] = choices.flatMap((choice) => [...choice.done]);
      if (batch === undefined || odd === "whole") return [];
      const fate = done.size === 0 ? "did not take effect" : "took effect";
      const name = `${taskToken(batch.task)}'s ${formatOperation(batch.operation)}`;
      return [`  if ${name} ${fate}, nothing explains that ${this.#keys.ending(odd)}`];
    });
  }

  #refute(odd: Unexplained): Failure {
    if (odd !== "whole") {
      const title = `not durably linearizable: nothing explains key ${odd.key}`;
      const account = [...this.#keys.account(odd, lineOf), ...this.#choiceLines().map(plainLine)];
      return unexplained("not-durable", title, account);
    }
    const title =
      "not durably linearizable: each key by itself is, but no moment explains a whole scan";
    const account = this.#history.records
      .filter(({ index }) => this.#history.wasInvoked(index))
      .map((record) => ({ text: `  ${lineOf(record)}`, about: record.index }));
    return unexplained("not-durable", title, account);
  }
}

function refuseTwice({ records }: History): void {
  for (const { operation } of records) {
    if (operation.kind !== "batch") continue;
    const twice = operation.writes.find(({ key }, i) =>
      operation.writes.slice(0, i).some((earlier) => earlier.key === key),
    );
    if (twice === undefined) continue;
    const what = `${formatOperation(operation)} writes key ${twice.key} twice; expected once`;
    throw new LatchworkError("BAD_SCENARIO", `scenario: ${what}`);
  }
}

function lineOf(record: OperationRecord): string {
  const when = record.epoch === 0 ? "" : `after crash ${record.epoch}: `;
  return `${when}${taskToken(record.task)}: ${describeOutcome(record)}`;
}
