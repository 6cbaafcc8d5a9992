import { TASK_COLOURS } from "../draw/index.ts";
import type { Deed, Film } from "../film/index.ts";
import type {
  DiskPicture,
  OperationPicture,
  Picture,
  PictureEvent,
  TaskPicture,
} from "../picture/index.ts";
import { counted } from "../search/index.ts";
import { shown } from "./shown.ts";
import type { ShownStop } from "./shown-stops.ts";

/** One step as an element: what was done, the drawing, what happened, and how the tasks stand. */
export function stepArticle(
  { stop, isWorthALook }: ShownStop,
  film: Film,
  picture: Picture,
  drawing: string,
): string {
  const deed = film.stops[stop]?.deed ?? null;
  const kind = isWorthALook ? "step" : "step plain";
  return `<article id="step-${stop}" class="${kind}" tabindex="-1">
<h2><span class="number">${stop}</span> ${deedText(deed, film)}</h2>
<details${isWorthALook ? " open" : ""}>
<summary>tree and tasks after it</summary>
${drawing}
${eventList(picture.events, film)}
${taskTable(picture, film)}
${diskText(picture.disk)}
</details>
</article>`;
}

/** A step in one line, as in the list of all of them. */
export function deedText(deed: Deed | null, film: Film): string {
  if (deed === null) return "before the first step";
  return `${taskName(deed.task, film)} ${shown(deed.text)}`;
}

function taskName(task: number, film: Film): string {
  return `<b class="task t${task % TASK_COLOURS}">${shown(film.tasks[task]?.name ?? "")}</b>`;
}

/** What the step's own words do not say already. */
function eventList(events: readonly PictureEvent[], film: Film): string {
  if (events.length === 0) return "";
  const items = events.map(({ text, task, kind }) => {
    const who = task === null ? "" : `${taskName(task, film)}: `;
    return `<li class="${kind}">${who}${shown(text)}</li>`;
  });
  return `<ul class="events">\n${items.join("\n")}\n</ul>`;
}

function taskTable({ tasks, stop }: Picture, film: Film): string {
  const rows = tasks.map((task) => taskRow(task, film)).join("\n");
  return `<table>
<caption>The tasks ${stop === 0 ? "before the first step" : `after step ${stop}`}</caption>
<thead><tr><th scope="col">task</th><th scope="col">does</th><th scope="col">holds</th>\
<th scope="col">next</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
}

function taskRow(task: TaskPicture, film: Film): string {
  const holds = task.holds.map(({ mode, name }) => `${mode} on ${name}`).join(", ");
  return `<tr><th scope="row">${taskName(task.task, film)}</th>\
<td data-of="does">${doesText(task)}</td>\
<td data-of="holds">${holds === "" ? '<span class="soft">nothing</span>' : shown(holds)}</td>\
<td data-of="next">${nextText(task, film)}</td></tr>`;
}

const ROLES = { operations: "", crash: "the power failure", recovery: "the recovery" } as const;

/** Of more operations, those that are over or to come are only counted. */
const OPERATIONS_TOLD_MAX = 6;

function doesText({ role, operations }: TaskPicture): string {
  if (role !== "operations") return ROLES[role];
  if (operations.length <= OPERATIONS_TOLD_MAX) return operations.map(operationText).join("; ");
  const over = operations.filter(({ state }) => state === "returned");
  const open = operations.filter(({ state }) => state === "runs");
  const toCome = operations.length - over.length - open.length;
  const last = over.slice(-1).map(operationText);
  const before = over.length > 1 ? [`${over.length - 1} before`] : [];
  const after = toCome > 0 ? [`<span class="soft">${toCome} to come</span>`] : [];
  return [...before, ...last, ...open.map(operationText), ...after].join("; ");
}

function operationText({ text, state, result }: OperationPicture): string {
  const answer = result === null ? "" : ` ${shown(result)}`;
  return `<span class="${state === "to come" ? "soft" : state}">${shown(text)}${answer}</span>`;
}

function nextText({ state, next, waitsFor, wouldWait }: TaskPicture, film: Film): string {
  if (state === "ended") return '<span class="soft">has ended</span>';
  if (state === "stopped") return '<span class="soft">was cut off</span>';
  if (state === "ready") return `${shown(next)}${wouldWait ? " (will have to wait)" : ""}`;
  const others = waitsFor.map((task) => taskName(task, film)).join(" and ");
  return `<strong>waits</strong> ${shown(next)}${others === "" ? "" : `, behind ${others}`}`;
}

function diskText(disk: DiskPicture | null): string {
  if (disk === null) return "";
  const inMemory = disk.groups.filter(({ state }) => state === "in memory").length;
  const unsynced =
    disk.unsynced.length === 0 ? "" : `; written and not synced: ${disk.unsynced.join(", ")}`;
  const crashes = disk.crashes === 0 ? "" : `; ${counted(disk.crashes, "power failure")} so far`;
  return `<p class="disk">The log is durable to ${disk.durableTo}; \
${counted(inMemory, "change")} in memory only${shown(unsynced)}${crashes}.</p>`;
}
