import { signal } from "@preact/signals";
import { render } from "preact";
import { bugNamed, scenarioOfBug } from "../../hunt/index.ts";
import { keepAddress, openAddress } from "./address/index.ts";
import { App } from "./app.tsx";
import { Guard } from "./guard.tsx";
import { levelsOf } from "./levels/index.ts";
import { keepTheme } from "./shell/index.ts";
import { LabState } from "./state/index.ts";
import { openTestDoor } from "./test-door.ts";
import { workers } from "./worker/index.ts";

/** Shows the lab in a page. */
export function startPage(root: Element): void {
  keepTheme();
  const first = { scenario: scenarioOfBug(bugNamed("C1")), schedule: [], cursor: 0 };
  const lab = new LabState(first, (scenario, script) => workers.film(scenario, script));
  const addressed = { lab, tab: signal("levels") };
  // Levels watch from the start, whatever panel is open: a link may enter one.
  levelsOf(lab);
  openAddress(addressed);
  lab.beginHere();
  keepAddress(addressed);
  openTestDoor(lab, workers);
  render(
    <Guard lab={lab}>
      <App {...addressed} />
    </Guard>,
    root,
  );
}
