import type { JSX } from "preact";
import { type Film, isPreempting, TASK_COLOURS, type TaskPicture } from "../../index.ts";

interface TaskColumnsProps {
  readonly tasks: readonly TaskPicture[];
  readonly film: Film;
  /** The stop of the film that is shown. */
  readonly stop: number;
  readonly choose: (task: number) => void;
}

/** A column for each task: what it does, holds and wants; and the button that lets it go on. */
export function TaskColumns({ tasks, film, stop, choose }: TaskColumnsProps): JSX.Element {
  return (
    <ul class="tasks" aria-label="Tasks">
      {tasks.map((task) => (
        <li key={task.task} class={`task task-${task.task % TASK_COLOURS} ${task.state}`}>
          <TaskColumn
            task={task}
            tasks={tasks}
            isPreemption={isPreempting(film, stop, task.task)}
            choose={choose}
          />
        </li>
      ))}
    </ul>
  );
}

interface TaskColumnProps {
  readonly task: TaskPicture;
  readonly tasks: readonly TaskPicture[];
  /** Whether its step would take over from a task that could go on. */
  readonly isPreemption: boolean;
  readonly choose: (task: number) => void;
}

function TaskColumn({ task, tasks, isPreemption, choose }: TaskColumnProps): JSX.Element {
  const { name, role } = task;
  return (
    <>
      <div class="task-head">
        <h2>
          <span class="letter" aria-hidden="true">
            {name}
          </span>
          <span class="unseen">Task {name}: </span>
          {ROLE_TEXTS[role]} <span class="state">{stateText(task)}</span>
        </h2>
        <StepButton task={task} isPreemption={isPreemption} choose={choose} />
      </div>
      <Operations task={task} />
      {role !== "crash" && <Holds task={task} />}
      <Wants task={task} tasks={tasks} />
    </>
  );
}

const ROLE_TEXTS: Readonly<Record<TaskPicture["role"], string>> = {
  operations: "",
  crash: "the power",
  recovery: "recovery",
};

const STATE_TEXTS: Readonly<Record<TaskPicture["state"], string>> = {
  ready: "ready",
  waits: "waits",
  ended: "done",
  stopped: "cut off by the crash",
};

function stateText({ role, state }: TaskPicture): string {
  return role === "crash" && state === "ended" ? "has failed" : STATE_TEXTS[state];
}

function Operations({ task }: { readonly task: TaskPicture }): JSX.Element | null {
  const { operations } = task;
  if (operations.length === 0) return null;
  const at = operations.findIndex(({ state }) => state !== "returned");
  const now = at < 0 ? operations.length : at;
  const from = Math.max(0, Math.min(now - BEFORE, operations.length - SHOWN_MAX));
  const after = Math.max(0, operations.length - from - SHOWN_MAX);
  return (
    <ol class="operations">
      {from > 0 && <li>✓ {from} before</li>}
      {operations.slice(from, from + SHOWN_MAX).map(({ index, text, state, result }) => (
        <li key={index} class={state === "runs" ? "runs" : ""}>
          {OPERATION_MARKS[state]} {text}
          {state !== "returned" && state !== "cut off" && <span class="unseen">, {state}</span>}
          {result !== null && <strong> {result}</strong>}
        </li>
      ))}
      {after > 0 && <li>· {after} more</li>}
    </ol>
  );
}

/** Operations shown of a task that has many, and how many of them are before the one under way. */
const SHOWN_MAX = 10;
const BEFORE = 4;

const OPERATION_MARKS: Readonly<Record<TaskPicture["operations"][number]["state"], string>> = {
  "to come": "·",
  runs: "▸",
  returned: "✓",
  "cut off": "✗",
};

function Holds({ task: { holds } }: { readonly task: TaskPicture }): JSX.Element {
  const held = holds.map(({ mode, page, partition }) => {
    const name = page === 0 ? "meta" : `page ${page}`;
    return `${mode} on ${name}${partition === null ? "" : ` of partition ${partition}`}`;
  });
  return <p>holds {held.length === 0 ? "nothing" : held.join(", ")}</p>;
}

function Wants({
  task,
  tasks,
}: {
  readonly task: TaskPicture;
  readonly tasks: readonly TaskPicture[];
}): JSX.Element | null {
  const { state, next, waitsFor } = task;
  if (state === "ended" || state === "stopped") return null;
  const others = waitsFor.map((one) => tasks[one]?.name ?? "").join(" and ");
  if (state === "waits") {
    return (
      <p>
        waits {next}
        {others !== "" && (
          <strong>
            : {others} {waitsFor.length === 1 ? "is" : "are"} in the way
          </strong>
        )}
      </p>
    );
  }
  return <p>next: {task.role === "crash" ? "it fails" : next}</p>;
}

function StepButton({
  task,
  isPreemption,
  choose,
}: Omit<TaskColumnProps, "tasks">): JSX.Element | null {
  const { name, role, mayGo, state, wouldWait } = task;
  if (state === "ended" || state === "stopped") return null;
  const key = task.task < 9 ? String(task.task + 1) : null;
  const what = role === "crash" ? "Cut the power" : `Step ${name}`;
  const note =
    mayGo && wouldWait
      ? "it would only join the queue"
      : mayGo && isPreemption
        ? "a preemption"
        : "";
  return (
    <p class="step">
      <span class="note">{note}</span>{" "}
      <button
        type="button"
        class={role === "crash" ? "crash" : "primary"}
        disabled={!mayGo}
        onClick={() => choose(task.task)}
        data-testid={`step-${name}`}
      >
        {what} {key !== null && <kbd>{role === "crash" ? "c" : key}</kbd>}
      </button>
    </p>
  );
}
