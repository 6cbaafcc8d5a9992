import type { Protocol } from "../../btree/index.ts";
import type { Program } from "../../sim/index.ts";
import type { History } from "../judge/index.ts";
import type { OperationSource } from "./operation-source.ts";
import type { ProgramTree } from "./program-tree.ts";
import type { Scenario } from "../scenario/index.ts";

/** A scenario as a program for the scheduler, in memory or on a disk. */
export interface ScenarioProgram extends Program {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly history: History;
  /** The tasks of the current part of the run. */
  readonly sources: readonly OperationSource[];
  /** Whether there is a tree to look at: not before a run, nor while it is being recovered. */
  readonly isOpen: boolean;
  /** The trees as they are now, by partition. Requires: `isOpen`. */
  trees(): readonly ProgramTree[];
  /** The partition that a latch belongs to; null where there is one tree. */
  partitionOf(latchObject: number): number | null;
  /** What the page of a latch is in its tree now: `leaf [20,30)`, `meta`, `not of the tree`. */
  roleOf(latchObject: number): string;
}
