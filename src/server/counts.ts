/** What a request is counted as. */
export const ROUTES = ["get", "put", "insert", "delete", "batch", "scan", "other"] as const;
export type RouteName = (typeof ROUTES)[number];

/** Upper bounds of the classes of durations, in ms. */
export const BOUNDS_MS: readonly number[] = [
  0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
];

/** Answers of one kind since the server began. */
export class RouteCounts {
  /** How many answers had which status. */
  readonly statuses: Map<number, number> = new Map();
  /** How many took up to each bound and more than the one before; the last took longer than all. */
  readonly durations: Float64Array = new Float64Array(BOUNDS_MS.length + 1);
  count = 0;
  sumMs = 0;

  add(status: number, ms: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    let at = 0;
    while (at < BOUNDS_MS.length && ms > (BOUNDS_MS[at] ?? 0)) at++;
    this.durations[at] = (this.durations[at] ?? 0) + 1;
    this.count++;
    this.sumMs += ms;
  }
}

/** Answers by kind. Plain numbers: what a scrape makes of them is not the requests' business. */
export type Counts = Readonly<Record<RouteName, RouteCounts>>;

export function newCounts(): Counts {
  const entries = ROUTES.map((route) => [route, new RouteCounts()] as const);
  return Object.fromEntries(entries) as Counts;
}
