import type { JSX } from "preact";
import type { LabState } from "../state/index.ts";

/** The steps that can be taken, in a row that stays in view on a narrow screen. */
export function QuickSteps({ lab }: { readonly lab: LabState }): JSX.Element {
  const { tasks } = lab.picture.value;
  return (
    <section class="quick" aria-label="Steps, within reach">
      {tasks
        .filter(({ mayGo }) => mayGo)
        .map(({ task, name, role }) => (
          <button
            key={task}
            type="button"
            class={role === "crash" ? "crash" : "primary"}
            onClick={() => lab.step(task)}
          >
            {role === "crash" ? "Cut the power" : `Step ${name}`}
          </button>
        ))}
      <button type="button" disabled={!lab.canUndo.value} onClick={() => lab.undo()}>
        ↶ Undo
      </button>
    </section>
  );
}
