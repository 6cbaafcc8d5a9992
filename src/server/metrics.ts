import { cpuUsage, memoryUsage } from "node:process";
import type * as Prometheus from "prom-client";
import { BOUNDS_MS, ROUTES } from "./counts.ts";
import type { Shared } from "./shared.ts";

/** The package prom-client, which is loaded only where somebody serves. */
export type PromClient = Pick<typeof Prometheus, "Registry" | "Gauge" | "Counter">;

/**
 * The metrics of a server. All of them are read from plain numbers when somebody asks, so a request
 * pays nothing for them.
 */
export function metricsOf(shared: Shared, prom: PromClient): Prometheus.Registry {
  const registry = new prom.Registry();
  const { connections, load } = shared;
  const gauges: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ["latchwork_http_in_flight", "Requests taken on and not answered.", () => load.inFlight],
    ["latchwork_http_connections", "Connections that are open.", () => connections.size],
    ["latchwork_http_scans", "Scans under way.", () => load.scans],
    ["latchwork_http_in_flight_bytes", "Bytes of bodies taken on.", () => load.bytes],
    [
      "latchwork_loop_delay_seconds",
      "The latest that the event loop was since the last scrape.",
      () => load.takeLatestMs() / 1000,
    ],
    ["process_resident_memory_bytes", "Resident memory.", () => memoryUsage().rss],
    ["process_heap_bytes", "Heap in use.", () => memoryUsage().heapUsed],
  ];
  for (const [name, help, read] of gauges) gauge(prom, registry, { name, help, read });
  cpuSeconds(prom, registry);
  answers(shared, prom, registry);
  const durations = { name: DURATIONS, get: () => Promise.resolve(durationsOf(shared)) };
  // Of a metric, a registry uses its name and what `get` gives.
  registry.registerMetric(durations as unknown as Prometheus.Metric);
  return registry;
}

interface GaugeRow {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

function gauge(prom: PromClient, registry: Prometheus.Registry, row: GaugeRow): void {
  const { name, help, read } = row;
  const made: Prometheus.Gauge = new prom.Gauge({
    name,
    help,
    registers: [registry],
    collect: (): void => made.set(read()),
  });
}

function cpuSeconds(prom: PromClient, registry: Prometheus.Registry): void {
  const made = new prom.Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process, user and system.",
    registers: [registry],
    collect: () => {
      const { user, system } = cpuUsage();
      made.reset();
      made.inc((user + system) / 1e6);
    },
  });
}

function answers({ counts }: Shared, prom: PromClient, registry: Prometheus.Registry): void {
  const made = new prom.Counter({
    name: "latchwork_http_answers_total",
    help: "Requests answered, by what they asked for and their status.",
    labelNames: ["route", "status"],
    registers: [registry],
    collect: () => {
      made.reset();
      for (const route of ROUTES) {
        for (const [status, count] of counts[route].statuses) made.inc({ route, status }, count);
      }
    },
  });
}

const DURATIONS = "latchwork_http_answer_seconds";

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A histogram as prom-client writes it, from the counts that the server keeps. */
function durationsOf({ counts }: Shared): object {
  const values = ROUTES.flatMap((route): Sample[] => {
    const { durations, count, sumMs } = counts[route];
    if (count === 0) return [];
    let upTo = 0;
    const buckets = BOUNDS_MS.map((ms, at): Sample => {
      upTo += durations[at] ?? 0;
      return { metricName: `${DURATIONS}_bucket`, labels: { route, le: ms / 1000 }, value: upTo };
    });
    const labels = { route };
    return [
      ...buckets,
      { metricName: `${DURATIONS}_bucket`, labels: { route, le: "+Inf" }, value: count },
      { metricName: `${DURATIONS}_sum`, labels, value: sumMs / 1000 },
      { metricName: `${DURATIONS}_count`, labels, value: count },
    ];
  });
  const help = "From a request's headers to its answer, by what it asked for.";
  return { name: DURATIONS, help, type: "histogram", aggregator: "sum", values };
}
