import type { JSX } from "preact";
import { sceneCss, type TaskPicture } from "../index.ts";
import { nameOf, pictureAt } from "./compare/index.ts";
import { CrashReport } from "./crash-report.tsx";
import { Draws } from "./draws.tsx";
import { Verdict } from "./shell/index.ts";
import { DiskPanel, TaskColumns, TreeStage, WaitForGraph } from "./stage/index.ts";
import type { LabState } from "./state/index.ts";
import { OriginNote, workers } from "./worker/index.ts";

/** Colours of a drawing in the page are variables, which the theme sets. */
const STYLE = sceneCss((name) => `var(--${name})`);

/** The drawing, and the tasks below it. */
export function Stage({ lab }: { readonly lab: LabState }): JSX.Element {
  const picture = lab.picture.value;
  const { film } = lab.reel.value;
  const failure = lab.isAtEnd.value ? film.failure : null;
  return (
    <>
      <style>{STYLE}</style>
      <div class="top">
        <Trees lab={lab} />
        <div class="below">
          <WaitForGraph tasks={picture.tasks} failure={failure} />
          <Happened lab={lab} />
        </div>
      </div>
      {lab.isAtEnd.value && film.isOver && (
        <Verdict film={film} isWanted={lab.isGoalReached.value} />
      )}
      <OriginNote origin={workers.originOf(lab.scenario.value)} />
      <TaskColumns
        tasks={lab.asks.value ? picture.tasks.map(untold) : picture.tasks}
        film={film}
        stop={picture.stop}
        choose={(task) => lab.step(task)}
      />
      <Draws lab={lab} />
      <CrashReport lab={lab} />
      {picture.disk !== null && (
        <div class="below">
          <DiskPanel disk={picture.disk} />
        </div>
      )}
    </>
  );
}

/** The tree; or two of them, where another protocol stands beside. */
function Trees({ lab }: { readonly lab: LabState }): JSX.Element {
  const picture = lab.picture.value;
  const comparison = lab.comparison.value;
  if (comparison === null) return <TreeStage picture={picture} title="The tree" />;
  const { one, other, differsAt } = comparison;
  const cursor = picture.stop;
  const differs =
    differsAt !== null && cursor >= differsAt ? `: ≠ different since step ${differsAt}` : "";
  return (
    <div class="sides">
      <section aria-label={nameOf(one)}>
        <h2>{nameOf(one)}</h2>
        <TreeStage picture={picture} title={`The tree under ${nameOf(one)}`} />
      </section>
      <section aria-label={nameOf(other)}>
        <h2>
          {nameOf(other)}
          {differs}
        </h2>
        <p>
          <button
            type="button"
            onClick={() => {
              lab.beside.value = null;
            }}
          >
            × End the comparison
          </button>
        </p>
        <TreeStage picture={pictureAt(other, cursor)} title={`The tree under ${nameOf(other)}`} />
        <p>{deedOf(other.reel.film, cursor)}</p>
      </section>
    </div>
  );
}

function deedOf({ stops, tasks }: LabState["reel"]["value"]["film"], cursor: number): string {
  const deed = stops[cursor]?.deed;
  if (deed === undefined) return "This run is over.";
  return deed === null ? "" : `${tasks[deed.task]?.name ?? ""} ${deed.text}`;
}

/** What happened in the step that led here. */
function Happened({ lab }: { readonly lab: LabState }): JSX.Element {
  const { events, tasks } = lab.picture.value;
  return (
    <section aria-label="What happened in this step">
      <h2>In this step</h2>
      {events.length === 0 ? (
        <p>Nothing else happened.</p>
      ) : (
        <ul class="events">
          {events.map(({ text, task }, at) => (
            <li key={at}>
              {task === null ? "" : `${tasks[task]?.name ?? ""}: `}
              {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A task without a word on whether it would wait. */
function untold(task: TaskPicture): TaskPicture {
  return { ...task, wouldWait: false };
}
