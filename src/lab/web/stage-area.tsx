import type { JSX } from "preact";
import { CrashReport } from "./crash-report.tsx";
import { Draws } from "./draws.tsx";
import type { LabState } from "./state/index.ts";

/** The drawing, and the tasks below it. */
export function Stage({ lab }: { readonly lab: LabState }): JSX.Element {
  const { tasks } = lab.picture.value;
  return (
    <div>
      {tasks.map((task) => (
        <p key={task.task}>
          <button type="button" disabled={!task.mayGo} onClick={() => lab.step(task.task)}>
            Step {task.name}
          </button>{" "}
          {task.next}
        </p>
      ))}
      <Draws lab={lab} />
      <CrashReport lab={lab} />
    </div>
  );
}
