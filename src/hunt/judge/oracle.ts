import { type Failure, taskToken } from "../../sim/index.ts";
import { Explainer, type Judged, type Unexplained } from "./explainer.ts";
import type { History, OperationRecord } from "./run-history.ts";
import { KeyHistories, unexplained } from "./key-histories.ts";
import type { Contents } from "./key-history.ts";
import { describeOutcome } from "./outcomes.ts";
import type { Entries } from "./read-contents.ts";

const EVERYTHING: Judged = { counts: () => true, withEnd: true };

/**
 * Judges the history of a run: is there an order of the operations that explains every result, with
 * the tree's contents at the end as one more operation that comes last?
 */
export class Oracle {
  readonly #history: History;
  readonly #keys: KeyHistories;
  readonly #explainer: Explainer;

  constructor(history: History, before: Contents, scansAreAtomic: boolean) {
    this.#history = history;
    this.#keys = new KeyHistories(history, before);
    this.#explainer = new Explainer(history, this.#keys, scansAreAtomic);
  }

  /**
   * Judges the run that just ended.
   *
   * @param trees What the trees hold at rest, which are right.
   * @returns null if all is explained.
   */
  judge(trees: readonly Entries[]): Failure | null {
    const wrong = this.#keys.noteEnd(trees);
    if (wrong !== null) return wrong;
    const odd = this.#explainer.unexplained(EVERYTHING);
    return odd === null ? null : this.#refute(odd);
  }

  #refute(odd: Unexplained): Failure {
    if (odd !== "whole") {
      const title = `not linearizable: no order of its operations explains key ${odd.key}`;
      return unexplained("not-linearizable", title, this.#keys.account(odd, lineOf));
    }
    const title = "not linearizable: each key by itself is, but no moment explains a whole scan";
    const account = this.#history.records.map((record) => ({
      text: `  ${lineOf(record)}`,
      about: record.index,
    }));
    return unexplained("not-linearizable", title, account);
  }
}

function lineOf(record: OperationRecord): string {
  return `${taskToken(record.task)}: ${describeOutcome(record)}`;
}
