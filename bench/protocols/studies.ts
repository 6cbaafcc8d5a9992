import { type Cell, type Figures, type Mix, MIXES } from "./cell.ts";
import { type CostModel, DEFAULT_COSTS, SYNC_NS } from "./cost-model.ts";
import type { TreeSize } from "./database.ts";
import { KEY_CHOICES, type KeyChoice } from "./keys.ts";
import { RIVALS } from "./rivals.ts";

/** The questions that are asked in virtual time; docs/comparison.md says what each is for. */
export const STUDIES = ["cores", "sync", "pool", "one-core", "costs"] as const;
export type StudyName = (typeof STUDIES)[number];

/** One run of a study, and what tells it from the others. */
export interface Planned {
  readonly study: StudyName;
  /** How the cost model differs from the default; `default` if it does not. */
  readonly variant: string;
  readonly tree: TreeSize;
  readonly cell: Cell;
}

/** A run and what it came to. */
export interface Measured extends Planned {
  readonly figures: Figures;
}

export const TREE: TreeSize = { keys: 20_000, pageSize: 4096 };
const SMALL_PAGES: TreeSize = { keys: 20_000, pageSize: 512 };

/** Many clients a core, where they wait for the disk. */
const CLIENTS_WITH_DISK = 4;
/** So many at least, or beginnings and ends would be most of a run. */
const OPERATIONS_A_CLIENT = 16;
/** In flight at once on the one core of an event loop. */
export const CLIENTS_ON_LOOP = 64;
/** How many cores the details of a table are of, and the variants of the cost model. */
export const CORES_SHOWN = 16;
const CORES = [1, 2, 4, 8, 16, 32, 64];
const POOL_SHARES = [100, 99, 95, 75, 50, 25, 10];
const POOL_SHARE = 50;

/** A change of the cost model, or of the tree. */
interface Variant {
  readonly name: string;
  readonly costs: Partial<CostModel>;
  readonly tree?: TreeSize;
}

/** What the cost model is varied to, one figure at a time. */
export const VARIANTS: readonly Variant[] = [
  { name: "default", costs: {} },
  { name: "transfer 0 ns", costs: { transferNs: 0 } },
  { name: "transfer 20 ns", costs: { transferNs: 20 } },
  { name: "transfer 200 ns", costs: { transferNs: 200 } },
  { name: "take 50, give 25 ns", costs: { takeNs: 50, giveNs: 25 } },
  { name: "visit 50 ns", costs: { visitNs: 50 } },
  { name: "visit 600 ns", costs: { visitNs: 600 } },
  { name: "change 800 ns", costs: { changeNs: 800 } },
  { name: "wake 0 ns", costs: { wakeNs: 0 } },
  { name: "wake 5000 ns", costs: { wakeNs: 5000 } },
  { name: "pages of 512 bytes", costs: {}, tree: SMALL_PAGES },
];

/** How much is run: the default takes a few minutes, the full one ten times as many operations. */
export interface Extent {
  readonly protocols: readonly string[];
  readonly operations: number;
  readonly scans: number;
}

export const DEFAULT_EXTENT: Extent = {
  protocols: RIVALS,
  operations: 1200,
  scans: 400,
};

export const FULL_EXTENT: Extent = { ...DEFAULT_EXTENT, operations: 12_000, scans: 4000 };

/** What a run has unless its study says otherwise. */
interface Setting {
  readonly study: StudyName;
  readonly cores: number;
  readonly mix: Mix;
  readonly keys?: KeyChoice;
  readonly costs?: Partial<CostModel>;
  readonly variant?: string;
  readonly tree?: TreeSize;
  readonly clientsACore?: number;
  readonly poolShare?: number;
}

/** Every run, study by study. */
export function planStudies(extent: Extent): Planned[] {
  return SETTINGS.flatMap((setting) =>
    extent.protocols.map((protocol) => plan(protocol, setting, extent)),
  );
}

function plan(protocol: string, setting: Setting, extent: Extent): Planned {
  const { study, cores, mix, keys = "uniform", costs, variant = "default" } = setting;
  const { tree = TREE, clientsACore = 1, poolShare = 100 } = setting;
  const least = OPERATIONS_A_CLIENT * cores * clientsACore;
  const operations = Math.max(least, mix.isScan ? extent.scans : extent.operations);
  const cell: Cell = {
    protocol,
    cores,
    mix,
    keys,
    costs: { ...DEFAULT_COSTS, ...costs },
    clientsACore,
    poolShare,
    operations,
  };
  return { study, variant, tree, cell };
}

const WRITING = MIXES.filter(({ name }) => name === "95/5" || name === "50/50");

function oneCore(mix: Mix, syncNs: number | null): Setting[] {
  const clientsACore = CLIENTS_ON_LOOP;
  return POOL_SHARES.map((poolShare) => {
    return { study: "one-core", cores: 1, mix, costs: { syncNs }, clientsACore, poolShare };
  });
}

const SETTINGS: readonly Setting[] = [
  ...MIXES.flatMap((mix) =>
    KEY_CHOICES.flatMap((keys) =>
      CORES.map((cores): Setting => ({ study: "cores", cores, mix, keys })),
    ),
  ),
  ...WRITING.flatMap((mix) =>
    CORES.map((cores): Setting => {
      const costs = { syncNs: SYNC_NS };
      return { study: "sync", cores, mix, costs, clientsACore: CLIENTS_WITH_DISK };
    }),
  ),
  ...WRITING.flatMap((mix) =>
    CORES.map((cores): Setting => {
      const clientsACore = CLIENTS_WITH_DISK;
      return { study: "pool", cores, mix, clientsACore, poolShare: POOL_SHARE };
    }),
  ),
  ...MIXES.filter(({ name }) => name !== "95/5").flatMap((mix) => oneCore(mix, null)),
  ...MIXES.filter(({ name }) => name === "50/50").flatMap((mix) => oneCore(mix, SYNC_NS)),
  ...WRITING.flatMap((mix) =>
    VARIANTS.map(({ name, costs, tree }): Setting => {
      const variant = { study: "costs" as const, cores: CORES_SHOWN, mix, costs, variant: name };
      return tree === undefined ? variant : { ...variant, tree };
    }),
  ),
];
