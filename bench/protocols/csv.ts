import type { Measured } from "./studies.ts";

const COLUMNS = [
  "study",
  "variant",
  "protocol",
  "cores",
  "clients",
  "mix",
  "keys",
  "pool_percent",
  "sync_ns",
  "page_bytes",
  "operations",
  "operations_per_second",
  "p50_ns",
  "p99_ns",
  "waits_per_1000",
  "wait_ns_per_operation",
  "restarts_per_1000",
  "moves_right_per_1000",
  "refusals_per_1000",
  "latches_per_1000",
  "latches_held_most",
  "line_transfers_per_1000",
  "pages_read_per_1000",
] as const;

/** All runs as CSV. Nothing in it has to be quoted: names have neither commas nor quotes. */
export function csvOf(rows: readonly Measured[]): string {
  return [COLUMNS.join(","), ...rows.map(lineOf), ""].join("\n");
}

function lineOf({ study, variant, tree, cell, figures }: Measured): string {
  const of: Record<(typeof COLUMNS)[number], string | number> = {
    study,
    variant: variant.replaceAll(",", ""),
    protocol: cell.protocol,
    cores: cell.cores,
    clients: cell.cores * cell.clientsACore,
    mix: cell.mix.name,
    keys: cell.keys,
    pool_percent: cell.poolShare,
    sync_ns: cell.costs.syncNs ?? "",
    page_bytes: tree.pageSize,
    operations: cell.operations,
    operations_per_second: figures.operationsPerSecond,
    p50_ns: figures.p50Ns,
    p99_ns: figures.p99Ns,
    waits_per_1000: figures.waits,
    wait_ns_per_operation: figures.waitNs,
    restarts_per_1000: figures.restarts,
    moves_right_per_1000: figures.movesRight,
    refusals_per_1000: figures.refusals,
    latches_per_1000: figures.latches,
    latches_held_most: figures.heldMost,
    line_transfers_per_1000: figures.transfers,
    pages_read_per_1000: figures.poolMisses,
  };
  return COLUMNS.map((column) => of[column]).join(",");
}
