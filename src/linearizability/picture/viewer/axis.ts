import type { HistoryView } from "./history-view.ts";

/** Where events stand: one step each, or by their times to scale. */
export class Axis {
  readonly isByTime: boolean;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly deadlines: Float64Array;
  readonly points: Float64Array;
  readonly orderPoints: Float64Array;
  /** What there is to see, a little of the margins included. */
  readonly low: number;
  readonly high: number;
  readonly #times: readonly number[] | null;

  constructor(view: HistoryView, isByTime: boolean) {
    this.#times = isByTime ? view.data.times : null;
    this.isByTime = this.#times !== null;
    const placed = (events: Float64Array): Float64Array =>
      this.isByTime ? events.map((event) => this.at(event)) : events;
    this.starts = placed(view.starts);
    this.ends = placed(view.ends);
    this.deadlines = placed(view.deadlines);
    this.points = placed(view.points);
    this.orderPoints = placed(view.orderPoints);
    const last = this.at(Math.max(1, view.data.events));
    const margin = this.isByTime ? last * 0.02 : 0.6;
    this.low = -margin;
    this.high = last + margin;
  }

  /** Where an event stands, or a moment between two. */
  at(event: number): number {
    const times = this.#times;
    if (times === null || Number.isNaN(event)) return event;
    const whole = Math.max(0, Math.min(Math.floor(event), times.length - 1));
    const from = times[whole] ?? 0;
    const to = times[whole + 1] ?? from;
    return from + (to - from) * Math.min(1, event - whole);
  }

  /** Round numbers to print beside the axis, about `count` of them between `from` and `to`. */
  ticks(from: number, to: number, count: number): number[] {
    const rough = (to - from) / Math.max(1, count);
    const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-12)));
    const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
    const step = Math.max(factor * power, this.isByTime ? 0 : 1);
    const ticks: number[] = [];
    for (let i = Math.ceil(from / step); i * step <= to && ticks.length < 200; i++) {
      ticks.push(i * step);
    }
    return ticks;
  }
}
