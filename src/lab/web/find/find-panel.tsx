import type { JSX } from "preact";
import { formatScenario, type Scenario } from "../../../hunt/index.ts";
import { counted } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { finding } from "./find-state.ts";
import { Progress } from "./progress.tsx";
import { RunAsText } from "./run-as-text.tsx";
import { Settings } from "./settings.tsx";
import { OriginNote } from "../worker/index.ts";

/** Has the computer look for a failing run, or prove that there is none. */
export function FindPanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const isRunning = finding.isRunning.value;
  return (
    <section aria-label="Find it for me">
      <h2>Find it for me</h2>
      <p>
        Looks through the schedules of the scenario that is shown: {inShort(lab.scenario.value)}. A
        hunt tries many and stops at the first that fails. A proof runs every interleaving once.
      </p>
      <Settings />
      <p class="row">
        <button
          type="button"
          class="primary"
          disabled={isRunning}
          onClick={() => void finding.begin("hunt", lab)}
        >
          Hunt
        </button>
        <button type="button" disabled={isRunning} onClick={() => void finding.begin("prove", lab)}>
          Prove
        </button>
        <button type="button" disabled={!isRunning} onClick={() => finding.stop()}>
          Stop
        </button>
      </p>
      <Progress />
      <div role="status" data-testid="found">
        <Result lab={lab} />
      </div>
      <RunAsText lab={lab} />
    </section>
  );
}

function Result({ lab }: { readonly lab: LabState }): JSX.Element | null {
  const fault = finding.fault.value;
  if (fault !== null) return <p class="fault">{fault}</p>;
  const searched = finding.searched.value;
  if (searched === null) return null;
  const { scenario, origin, result, seconds } = searched;
  const mark = MARKS[result.verdict];
  return (
    <div class={`verdict ${result.verdict === "found" ? "bad" : ""}`}>
      <h3>
        {mark} {result.headline}
      </h3>
      <p>
        {result.details} It took {seconds.toFixed(1)} s.
      </p>
      {!finding.isOfShown(searched, lab) && (
        <>
          <p>
            <strong>This is not of what is shown now</strong>, but of another scenario:{" "}
            {inShort(scenario)}.
          </p>
          <pre class="text" tabIndex={0} aria-label="The scenario that was searched">
            {formatScenario(scenario)}
          </pre>
        </>
      )}
      <OriginNote origin={origin} />
      {result.found !== null && (
        <p>
          Step through it in the lab:{" "}
          <button type="button" onClick={() => finding.open(lab)}>
            Open it from its beginning
          </button>
        </p>
      )}
    </div>
  );
}

function inShort({ protocol, bug, tasks }: Scenario): string {
  const what = bug === null ? protocol : `${protocol} with bug ${bug}`;
  return `${what}, ${counted(tasks.length, "task")}`;
}

const MARKS = { found: "✗", clean: "○", proved: "✓", unfinished: "…" } as const;
