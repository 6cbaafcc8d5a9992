import type { Protocol, TreeStore } from "../../btree/index.ts";
import type { Program } from "../../sim/index.ts";
import type { PageSource } from "../../storage/index.ts";
import type { History } from "../judge/index.ts";
import type { OperationSource } from "./operation-source.ts";
import type { Scenario } from "../scenario/index.ts";

/** A scenario as a program for the scheduler, in memory or on a disk. */
export interface ScenarioProgram extends Program {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly history: History;
  /** The tasks of the current part of the run. */
  readonly sources: readonly OperationSource[];
  /** The tree of the current part of the run, or of the one before while it is being recovered. */
  readonly store: TreeStore;
  /** Whether there is a tree to look at: not before a run, nor while it is being recovered. */
  readonly isOpen: boolean;
  /** The tree's pages as they are now. Requires: `isOpen`. */
  pages(): PageSource;
  /** What a page is in the tree now: `leaf [20,30)`, `meta`, `not of the tree`. */
  roleOf(page: number): string;
}
