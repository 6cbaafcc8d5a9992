import type { JSX } from "preact";
import { counted } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { finding } from "./find-state.ts";
import { Progress } from "./progress.tsx";
import { RunAsText } from "./run-as-text.tsx";
import { Settings } from "./settings.tsx";

/** Has the computer look for a failing run, or prove that there is none. */
export function FindPanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const { protocol, bug, tasks } = lab.scenario.value;
  const isRunning = finding.isRunning.value;
  const what = bug === null ? protocol : `${protocol} with bug ${bug}`;
  return (
    <section aria-label="Find it for me">
      <h2>Find it for me</h2>
      <p>
        Looks through the schedules of the scenario that is shown: {what},{" "}
        {counted(tasks.length, "task")}. A hunt tries many and stops at the first that fails. A
        proof runs every interleaving once.
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
  const { result, seconds } = searched;
  const mark = MARKS[result.verdict];
  return (
    <div class={`verdict ${result.verdict === "found" ? "bad" : ""}`}>
      <h3>
        {mark} {result.headline}
      </h3>
      <p>
        {result.details} It took {seconds.toFixed(1)} s.
      </p>
      {result.found !== null && (
        <p>
          It was made as short as it gets. Step through it in the lab:{" "}
          <button type="button" onClick={() => finding.open(lab)}>
            Open it from its beginning
          </button>
        </p>
      )}
    </div>
  );
}

const MARKS = { found: "✗", clean: "○", proved: "✓", unfinished: "…" } as const;
