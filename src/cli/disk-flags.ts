import { type Command, InvalidArgumentError } from "commander";
import {
  BadScenario,
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  readDurability,
  type Scenario,
} from "../hunt/index.ts";
import { BadInput } from "./exit.ts";

/** The options of `hunt` that are about disk and crashes. */
export interface DiskFlags {
  /** How many crashes, or true where it is not said how many. */
  readonly crashes?: Partial<Durability> | true;
  readonly partitions?: Partial<Durability>;
  readonly pool?: Partial<Durability>;
  readonly commit?: Partial<Durability>;
  readonly reads?: Partial<Durability>;
  readonly survival?: Partial<Durability>;
  readonly batching?: Partial<Durability>;
  readonly faults?: Partial<Durability>;
}

const SETTINGS = [
  "partitions",
  "pool",
  "commit",
  "reads",
  "survival",
  "batching",
  "faults",
] as const;

/** Adds the options to a command. Their values are those of a scenario's lines. */
export function addDiskFlags(command: Command): Command {
  return command
    .option("--crashes [n]", "on a disk that crashes so often, at most 3 (default: 1)", crashes)
    .option(
      "--partitions <n>",
      "with --crashes: how many the keys are divided among, at most 8 (default: 1)",
      setting("partitions"),
    )
    .option("--pool <pages>", "with --crashes: how many fit into memory", setting("pool"))
    .option(
      "--commit <policy>",
      "each, window:2, immediate-when-alone, adaptive",
      setting("commit"),
    )
    .option("--reads <kind>", "committed or durable", setting("reads"))
    .option("--survival <kind>", "of writes: patterns, sectors or mixed", setting("survival"))
    .option("--batching <limits>", "of writes: ms,writes,bytes, as 0,16,4096", setting("batching"))
    .option("--faults <kinds>", `as '${FAULT_KINDS.join(" ")}'`, setting("faults"));
}

function setting(word: string): (text: string) => Partial<Durability> {
  return (text) => {
    try {
      return readDurability(word, text.replaceAll(",", " "));
    } catch (error) {
      if (!(error instanceof BadScenario)) throw error;
      throw new InvalidArgumentError(`Expected ${error.expected}.`);
    }
  };
}

function crashes(text: string): Partial<Durability> {
  if (/^\d+$/.test(text)) return setting("crashes")(text);
  throw new InvalidArgumentError("Expected a number, or none and scenarios before it.");
}

/** Whether scenarios are to have a disk. */
export function wantsDisk({ crashes: asked }: DiskFlags): boolean {
  return asked !== undefined;
}

/** What the options say of the disk, each thing that was said. */
export function diskSettings(flags: DiskFlags): Partial<Durability> {
  return Object.assign({}, ...SETTINGS.map((name) => flags[name] ?? {}));
}

/** How many crashes are asked for, or null if it is not said. */
export function crashesAsked({ crashes: asked }: DiskFlags): number | null {
  return asked === undefined || asked === true ? null : (asked.crashes ?? null);
}

/**
 * Puts a scenario on a disk if that is asked for, and changes what is to be another way on one.
 *
 * @throws BadInput for settings of a disk that the scenario has not.
 */
export function onDisk(scenario: Scenario, flags: DiskFlags): Scenario {
  const base = scenario.durability ?? (wantsDisk(flags) ? DURABILITY_DEFAULTS : null);
  if (base === null) {
    refuseSettings(flags);
    return scenario;
  }
  const own = wantsDisk(flags) ? { crashes: crashesAsked(flags) ?? Math.max(base.crashes, 1) } : {};
  return { ...scenario, durability: { ...base, ...diskSettings(flags), ...own } };
}

/** @throws BadInput if something is said of a disk. */
export function refuseSettings(flags: DiskFlags): void {
  const said = SETTINGS.find((name) => flags[name] !== undefined);
  if (said === undefined) return;
  throw new BadInput(`--${said} is of trees on a disk, and this one is in memory; add --crashes`);
}
