import type { JSX } from "preact";
import { type Film, TASK_COLOURS, type TaskPicture } from "../../index.ts";

interface WaitForGraphProps {
  readonly tasks: readonly TaskPicture[];
  /** The failure, once the run has come to it. */
  readonly failure: Film["failure"];
}

const RADIUS = 62;
const NODE = 17;
const MIDDLE = 92;

/** Who waits for whom, as a drawing and in words; a cycle is a deadlock. */
export function WaitForGraph({ tasks, failure }: WaitForGraphProps): JSX.Element {
  const shown = tasks.filter(({ role, state }) => role !== "crash" && state !== "stopped");
  const edges = edgesOf(shown, failure);
  const inCycle = new Set(failure?.cycle.map(({ task }) => task));
  const words = edges.map(
    ({ from, to }) => `${nameOf(tasks, from)} waits for ${nameOf(tasks, to)}`,
  );
  return (
    <section class="waits-for" aria-label="Who waits for whom" data-testid="waits-for">
      <h2>Who waits for whom</h2>
      {edges.length > 0 && (
        <svg viewBox={viewBoxOf(shown.length)} aria-hidden="true">
          <defs>
            <marker
              id="waits-arrow"
              viewBox="0 0 8 8"
              refX="8"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="10"
              markerHeight="10"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8Z" fill="var(--ink)" />
            </marker>
          </defs>
          {edges.map(({ from, to }) => (
            <line
              key={`${from} ${to}`}
              class={inCycle.has(from) && inCycle.has(to) ? "cycle" : ""}
              {...lineBetween(placeOf(shown, from), placeOf(shown, to))}
              marker-end="url(#waits-arrow)"
            />
          ))}
          {shown.map(({ task, name }) => {
            const [x, y] = placeOf(shown, task);
            return (
              <g key={task} class={`node task-${task % TASK_COLOURS}`}>
                <circle cx={x} cy={y} r={NODE} />
                <text x={x} y={y + 5} text-anchor="middle">
                  {name}
                </text>
              </g>
            );
          })}
        </svg>
      )}
      <p>{waitText(shown, words)}</p>
      {inCycle.size > 0 && <p class="wrong">✗ A cycle: a deadlock. None of them can ever go on.</p>}
    </section>
  );
}

/** Who waits for whom in words; one may wait for the disk or for time, and for no task. */
function waitText(tasks: readonly TaskPicture[], words: readonly string[]): string {
  const alone = tasks.filter(({ state, waitsFor }) => state === "waits" && waitsFor.length === 0);
  const all = [...words, ...alone.map(({ name }) => `${name} waits, and for no task`)];
  return all.length === 0 ? "Nobody waits." : `${all.join("; ")}.`;
}

/** Two tasks stand side by side, more in a circle. */
function viewBoxOf(tasks: number): string {
  const height = tasks < 3 ? 4 * NODE : 2 * MIDDLE;
  return `0 ${MIDDLE - height / 2} ${2 * MIDDLE} ${height}`;
}

interface Edge {
  readonly from: number;
  readonly to: number;
}

/** Those of the picture, and those of the cycle, whose last member may not have asked yet. */
function edgesOf(tasks: readonly TaskPicture[], failure: Film["failure"]): Edge[] {
  const edges = tasks.flatMap(({ task, waitsFor }) => waitsFor.map((to) => ({ from: task, to })));
  const cycle = failure?.cycle ?? [];
  for (const [at, { task }] of cycle.entries()) {
    const to = (cycle[(at + 1) % cycle.length] ?? { task }).task;
    if (!edges.some((edge) => edge.from === task && edge.to === to)) edges.push({ from: task, to });
  }
  return edges;
}

function nameOf(tasks: readonly TaskPicture[], task: number): string {
  return tasks[task]?.name ?? "";
}

function placeOf(tasks: readonly TaskPicture[], task: number): readonly [number, number] {
  const at = tasks.findIndex((one) => one.task === task);
  const angle = (2 * Math.PI * at) / Math.max(1, tasks.length) - Math.PI;
  return [MIDDLE + RADIUS * Math.cos(angle), MIDDLE + RADIUS * Math.sin(angle)];
}

function lineBetween(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): { x1: number; y1: number; x2: number; y2: number } {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  // Two that wait for each other have two arrows side by side.
  const [sideX, sideY] = [-dy * 5, dx * 5];
  return {
    x1: x1 + dx * NODE + sideX,
    y1: y1 + dy * NODE + sideY,
    x2: x2 - dx * (NODE + 3) + sideX,
    y2: y2 - dy * (NODE + 3) + sideY,
  };
}
