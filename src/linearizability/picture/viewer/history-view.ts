import type { PictureData } from "../picture-data.ts";
import { pointPositions } from "../points.ts";

/** The page's data, unpacked: what is asked of an operation while drawing costs O(1). */
export class HistoryView {
  readonly data: PictureData;
  readonly count: number;
  /** Where operations begin and end on the axis of events. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Until when an operation of unknown outcome may still take effect. */
  readonly deadlines: Float64Array;
  /** Where it takes effect, by id; NaN if the order does without it. */
  readonly points: Float64Array;
  /** The same by place in the order: never falling. */
  readonly orderPoints: Float64Array;
  /** By id: the place in the order, or -1. */
  readonly places: Int32Array;
  readonly isCore: Uint8Array;
  /** Short names of the operations that the sentences speak of. */
  readonly names: ReadonlyMap<number, string>;
  /** By id: 1 of operations that are no part of the core, 2 of those of keys not at fault. */
  readonly isAside: Uint8Array;

  constructor(data: PictureData) {
    const { invoked, returned, outcomes, order } = data;
    this.data = data;
    this.count = invoked.length;
    this.starts = Float64Array.from(invoked);
    this.ends = new Float64Array(this.count);
    this.deadlines = new Float64Array(this.count);
    this.points = new Float64Array(this.count).fill(Number.NaN);
    this.places = new Int32Array(this.count).fill(-1);
    this.isCore = new Uint8Array(this.count);
    for (let id = 0; id < this.count; id++) {
      const returns = returned[id] ?? -1;
      const outcome = outcomes[id] ?? 0;
      const isKnown = outcome < 2 || (outcome === 2 && data.crashRule === "strict");
      const deadline = isKnown ? returns : this.#cut(invoked[id] ?? 0);
      this.deadlines[id] = deadline;
      this.ends[id] = returns < 0 ? deadline : returns;
    }
    this.orderPoints = pointPositions(order, invoked);
    for (const [place, id] of order.entries()) {
      this.places[id] = place;
      this.points[id] = this.orderPoints[place] ?? Number.NaN;
    }
    for (const id of data.core) this.isCore[id] = 1;
    this.names = new Map(data.named.map((id, i) => [id, data.names[i] ?? ""]));
    this.isAside = this.#aside();
  }

  /** The operation as one line: `get x → 3`. */
  label(id: number): string {
    const { data } = this;
    const key = data.key[id] ?? -1;
    const parts = [this.text(data.fs[id] ?? -1)];
    if (key >= 0 && data.keys.length > 0) parts.push(data.keys[key] ?? "");
    const input = data.inputs[id] ?? -1;
    if (input >= 0) parts.push(this.text(input));
    const answer = this.answer(id);
    if (answer !== "") parts.push("→", answer);
    return parts.join(" ");
  }

  /** What it answered, as far as that is known; empty if it answers nothing. */
  answer(id: number): string {
    const outcome = this.data.outcomes[id] ?? 0;
    if (outcome === 1) return "failed";
    if (outcome === 2) return "?";
    if (outcome === 3) return "open";
    return this.text(this.data.outputs[id] ?? -1);
  }

  /** The operation as one line of a list, with its name in the sentences and its client. */
  listed(id: number): string {
    const name = this.names.get(id);
    const line = `${this.label(id)} · client ${this.processName(id)}`;
    return name === undefined ? line : `${name}: ${line}`;
  }

  processName(id: number): string {
    return this.data.processes[this.data.process[id] ?? -1] ?? "";
  }

  text(place: number): string {
    return this.data.texts[place] ?? "";
  }

  /** Where the operation was read, as `file:line`. */
  where(id: number): string {
    const { file, files, line } = this.data;
    return `${files[file[id] ?? -1] ?? ""}:${line[id] ?? 0}`;
  }

  /** What stands back: a little if it is only no part of the core, more if it is of other keys. */
  #aside(): Uint8Array {
    const { core, stuck, key, verdictKeys } = this.data;
    const isAside = new Uint8Array(this.count);
    const keys = new Set([-2, ...verdictKeys]);
    for (let id = 0; id < this.count; id++) {
      const isOther = verdictKeys.length > 0 && !keys.has(key[id] ?? -1);
      const isCentral =
        core.length === 0 || this.isCore[id] === 1 || id === stuck || this.names.has(id);
      if (!isCentral) isAside[id] = isOther ? 2 : 1;
      else if (core.length === 0 && isOther) isAside[id] = 2;
    }
    return isAside;
  }

  /** The first crash after an event, or the end of the history. */
  #cut(event: number): number {
    const { crashes, crashRule, events } = this.data;
    if (crashRule === "ignored") return events;
    let low = 0;
    let high = crashes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((crashes[middle] ?? 0) > event) high = middle;
      else low = middle + 1;
    }
    return crashes[low] ?? events;
  }
}
