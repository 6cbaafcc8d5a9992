import type { HistoryView } from "./history-view.ts";

/** One row: operations that do not overlap, in order. */
export interface Row {
  readonly label: string;
  readonly ids: readonly number[];
}

/** Puts operations into rows: one for each client, or as few as hold them all. */
export class RowLayout {
  readonly rows: readonly Row[];
  /** By id; -1 for operations that are not shown. */
  readonly rowOf: Int32Array;
  /** By id: its place in its row. */
  readonly placeOf: Int32Array;
  readonly shown: number;
  readonly isPacked: boolean;
  readonly #view: HistoryView;

  constructor(view: HistoryView, isShown: (id: number) => boolean, isPacked: boolean) {
    this.#view = view;
    this.isPacked = isPacked;
    const clients = this.#clients(isShown);
    this.rows = isPacked ? this.#pack(clients) : clients;
    this.rowOf = new Int32Array(view.count).fill(-1);
    this.placeOf = new Int32Array(view.count).fill(-1);
    let shown = 0;
    for (const [row, { ids }] of this.rows.entries()) {
      shown += ids.length;
      for (const [place, id] of ids.entries()) {
        this.rowOf[id] = row;
        this.placeOf[id] = place;
      }
    }
    this.shown = shown;
  }

  /** Place of the first operation of a row that may reach beyond `x`; `starts` as the row's. */
  firstAt(row: Row, starts: Float64Array, x: number): number {
    const { ids } = row;
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[ids[middle] ?? 0] ?? 0) <= x) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #clients(isShown: (id: number) => boolean): Row[] {
    const { data, count } = this.#view;
    const byProcess: number[][] = data.processes.map(() => []);
    for (let id = 0; id < count; id++) {
      if (isShown(id)) byProcess[data.process[id] ?? 0]?.push(id);
    }
    return byProcess
      .map((ids, process) => ({ label: data.processes[process] ?? "", ids }))
      .filter(({ ids }) => ids.length > 0)
      .toSorted((a, b) => this.#rank(a) - this.#rank(b));
  }

  /** Numbers in their order; after them names, in the order in which they come up. */
  #rank({ label }: Row): number {
    return /^\d{1,15}$/.test(label) ? Number(label) : Number.MAX_VALUE;
  }

  /** A row takes the next client as soon as the one before has done its last operation. */
  #pack(clients: readonly Row[]): Row[] {
    const { starts, ends } = this.#view;
    const first = ({ ids }: Row): number => starts[ids[0] ?? 0] ?? 0;
    const last = ({ ids }: Row): number => ends[ids.at(-1) ?? 0] ?? 0;
    const byEnd = clients.toSorted((a, b) => last(a) - last(b));
    const rowOf = new Map<Row, number>();
    const packed: { label: string; clients: number; ids: number[] }[] = [];
    const free: number[] = [];
    let ended = 0;
    for (const client of clients.toSorted((a, b) => first(a) - first(b))) {
      for (let done = byEnd[ended]; done !== undefined; done = byEnd[++ended]) {
        if (last(done) >= first(client)) break;
        free.push(rowOf.get(done) ?? 0);
      }
      const row = free.pop() ?? packed.length;
      rowOf.set(client, row);
      packed[row] ??= { label: client.label, clients: 0, ids: [] };
      const taken = packed[row];
      taken.clients++;
      for (const id of client.ids) taken.ids.push(id);
    }
    return packed.map(({ label, clients: count, ids }) => {
      return { label: count > 1 ? `${label} +${count - 1}` : label, ids };
    });
  }
}
