import type { HistoryView } from "./history-view.ts";

/** The states that one object goes through along the order: what the lane above the rows shows. */
export class StateLane {
  readonly title: string;
  /** Places in the order at which the state changes, ascending. */
  readonly changes: readonly number[];
  /** States, as places in the data's texts: the first, and one after each change. */
  readonly states: readonly number[];

  /** @param key A place in the data's keys; -1 for the whole object, -2 for no lane. */
  constructor(view: HistoryView, key: number) {
    const { data } = view;
    const changes: number[] = [];
    const states: number[] = [];
    this.title = key < 0 ? "state" : `${data.keys[key] ?? ""} =`;
    this.changes = changes;
    this.states = states;
    if (key < -1) return;
    for (const [place, id] of data.order.entries()) {
      if (key >= 0 && data.key[id] !== key) continue;
      const before = data.before[place] ?? -1;
      const after = data.after[place] ?? -1;
      if (states.length === 0) states.push(before);
      if (after === states.at(-1)) continue;
      changes.push(place);
      states.push(after);
    }
  }

  get isEmpty(): boolean {
    return this.states.length === 0;
  }
}
