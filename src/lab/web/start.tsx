import { signal } from "@preact/signals";
import { render } from "preact";
import { bugNamed, scenarioOfBug } from "../../hunt/index.ts";
import { keepAddress, openAddress } from "./address/index.ts";
import { App } from "./app.tsx";
import { LabState } from "./state/index.ts";
import { openTestDoor } from "./test-door.ts";
import { workers } from "./worker/index.ts";

/** Shows the lab in a page. */
export function startPage(root: Element): void {
  const first = { scenario: scenarioOfBug(bugNamed("C1")), schedule: [], cursor: 0 };
  const lab = new LabState(first, (scenario, script) => workers.film(scenario, script));
  const addressed = { lab, tab: signal("levels") };
  openAddress(addressed);
  lab.beginHere();
  keepAddress(addressed);
  openTestDoor(lab, workers);
  render(<App {...addressed} />, root);
}
