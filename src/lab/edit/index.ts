/**
 * Editing: what a scenario's text comes to while it is typed, and what one can begin from.
 *
 * Invariants:
 * 1. A text that has no fault can be run.
 * 2. A fault names the line that is to blame, where one is.
 * 3. What is chosen from a list changes its own line of the text, and no other.
 *
 * Left out: the language of scenarios, which is the hunt's (docs/scenarios.md).
 */
export { type CheckedScenario, checkScenario, type ScenarioFault } from "./check-scenario.ts";
export { EXAMPLE_PROTOCOL, EXAMPLE_SCENARIO } from "./example-protocol.ts";
export { protocolTitle } from "./protocol-titles.ts";
export { READY_SCENARIOS, type ReadyScenario } from "./ready-scenarios.ts";
export { namedIn, withLine } from "./scenario-lines.ts";
