/**
 * Programs: a scenario made ready for the scheduler, in memory or on a simulated disk.
 *
 * `TreeProgram` runs a protocol on pages in memory; `CrashProgram` runs the whole engine on a disk
 * whose power may fail. Both put everything back between schedules. The protocol that a scenario
 * names, a bug's, or one of a user's own, is found here too.
 *
 * Invariants:
 * 1. Between schedules everything is put back in place; no run sees anything of another.
 * 2. A program and a schedule determine the run: the same decisions give the same events.
 * 3. The tree of a scenario is built by a right protocol, whichever one runs on it.
 * 4. A crash loses only what was not synced; the tasks after it run on what recovery gave.
 *
 * Left out: who chooses the schedule.
 */
export { CrashProgram } from "./crash-program.ts";
export { fileText, partitionOfFile, pathIn, plainName } from "./file-text.ts";
export { OperationSource } from "./operation-source.ts";
export { pageName, type ProgramTree } from "./program-tree.ts";
export { protocolsExported } from "./exported-protocols.ts";
export { programOf } from "./program-of.ts";
export { RepeatedProgram } from "./repeated-program.ts";
export { type Replayed, type ReplayRule, replayScenario } from "./replay-scenario.ts";
export { resolveProtocol, scenarioOfBug } from "./resolve.ts";
export { ScenarioRuns } from "./scenario-runs.ts";
export type { ScenarioProgram } from "./scenario-program.ts";
export { TREE_NAMES } from "./tree-names.ts";
export { TreeProgram } from "./tree-program.ts";
