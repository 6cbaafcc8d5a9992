import type { HuntHelp } from "./plan.ts";
import { type ProveOptions, type Proving, proving, type SavedProof } from "./prove.ts";
import type { Scenario } from "./scenario/index.ts";

/** How a proof is made, as plain data: what can be sent to another thread. */
export interface ProofSetting {
  readonly runsMax: number;
  readonly seed: string | number;
  readonly probes: number;
  readonly preemptionsMax: number | null;
  /** As {@link ProveOptions.exchanges}. */
  readonly exchanges: boolean;
  /** As {@link ProveOptions.shrink}. */
  readonly shrink: { readonly runsMax: number; readonly runsMaxOnDisk?: number } | null;
}

/** A proof as plain data. */
export interface ProofPlan {
  readonly scenario: Scenario;
  readonly setting: ProofSetting;
  /** A search of the scenario that was interrupted, or null. */
  readonly resumed: SavedProof | null;
}

/**
 * Begins a proof that was planned.
 *
 * @param onSave As {@link ProveOptions.onSave}.
 */
export function provingPlan(
  { scenario, setting, resumed }: ProofPlan,
  { protocols, shouldStop }: HuntHelp,
  onSave: NonNullable<ProveOptions["onSave"]> | null,
): Proving {
  const stop = shouldStop === undefined ? {} : { shouldStop };
  const { shrink } = setting;
  return proving(scenario, {
    ...setting,
    shrink: shrink === null ? null : { ...shrink, ...stop },
    protocols,
    resumed,
    ...stop,
    ...(onSave === null ? {} : { onSave }),
  });
}
