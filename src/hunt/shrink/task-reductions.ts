import type { NumberRange, ScenarioOperation } from "../scenario/index.ts";
import type { Item, Items, ShrinkDraft } from "./draft.ts";

/** Smaller scenarios than a given one, the most promising first. */
export type Reduction = (draft: ShrinkDraft) => readonly ShrinkDraft[];

/** One task less, the last first: of those before a crash, if two are left, and of those after. */
export const withoutOneTask: Reduction = (draft) => {
  const { tasks, after } = draft;
  const less = tasks.length < 2 ? [] : without(tasks).map((left) => ({ ...draft, tasks: left }));
  return [...without(after).map((left) => ({ ...draft, after: left })), ...less];
};

/** Half of a task's operations less, then one of them; later ones first. */
export const withoutOperations: Reduction = (draft) => {
  const { tasks, after } = draft;
  return [
    ...fewer(tasks).map((left) => ({ ...draft, tasks: left })),
    ...fewer(after).map((left) => ({ ...draft, after: left })),
  ];
};

/** Nothing but what runs after the last recovery, and no crash. */
export const onlyWhatComesAfter: Reduction = (draft) =>
  draft.after.length === 0 ? [] : [{ ...draft, tasks: draft.after, after: [], crashes: [] }];

/**
 * A task less after the last recovery: at the end of a task before the first crash, or as a task of
 * its own there.
 */
export const movedBeforeTheCrash: Reduction = (draft) => {
  const { tasks, after } = draft;
  return after.flatMap((moved, i) => {
    const left = after.filter((_, at) => at !== i);
    const added = tasks.map((_, to) =>
      tasks.map((task, at) => (at === to ? [...task, ...moved] : task)),
    );
    return [...added, [...tasks, moved]].map((all) => ({ ...draft, tasks: all, after: left }));
  });
};

/** Two tasks are one: what one does comes after what the other does. */
export const joinedTasks: Reduction = (draft) => {
  const { tasks, after } = draft;
  return [
    ...joined(tasks).map((all) => ({ ...draft, tasks: all })),
    ...joined(after).map((all) => ({ ...draft, after: all })),
  ];
};

/** An operation that says less: a batch of fewer writes, a scan without bounds, a value unnamed. */
export const plainerOperations: Reduction = (draft) => {
  const { tasks, after } = draft;
  return [
    ...plainer(tasks).map((all) => ({ ...draft, tasks: all })),
    ...plainer(after).map((all) => ({ ...draft, after: all })),
  ];
};

/** Fewer keys: one of those that operations name is another of them instead. */
export const fewerKeys: Reduction = (draft) => {
  const keys = [...new Set([...draft.tasks, ...draft.after].flat().flatMap(keysOf))];
  return keys.flatMap((key) =>
    keys.flatMap((instead) => {
      if (key === instead) return [];
      const rename = (items: Items): Items =>
        items.map((task) => task.map((item) => renamed(item, key, instead)));
      return [{ ...draft, tasks: rename(draft.tasks), after: rename(draft.after) }];
    }),
  );
};

function without(tasks: Items): Items[] {
  return tasks.map((_, dropped) => tasks.filter((__, at) => at !== dropped)).toReversed();
}

function fewer(tasks: Items): Items[] {
  return tasks.flatMap((task, at) => {
    if (task.length < 2) return [];
    const half = Math.floor(task.length / 2);
    const halves = task.length < 3 ? [] : [task.slice(0, half), task.slice(half)];
    const ones = task.map((_, dropped) => task.filter((__, i) => i !== dropped)).toReversed();
    return [...halves, ...ones].map((left) => tasks.map((one, i) => (i === at ? left : one)));
  });
}

function joined(tasks: Items): Items[] {
  return tasks.flatMap((first, i) =>
    tasks.flatMap((second, j) => {
      if (i === j) return [];
      const rest = tasks.filter((_, at) => at !== i && at !== j);
      return [[[...first, ...second], ...rest]];
    }),
  );
}

function plainer(tasks: Items): Items[] {
  return tasks.flatMap((task, at) =>
    task.flatMap((item, i) =>
      plainerOnes(item.operation).map((operation) => {
        const changed = task.map((one, k) => (k === i ? { ...item, operation } : one));
        return tasks.map((one, k) => (k === at ? changed : one));
      }),
    ),
  );
}

function plainerOnes(operation: ScenarioOperation): ScenarioOperation[] {
  if (operation.kind === "batch") return smallerBatches(operation);
  if (operation.kind === "scan") return widerScans(operation);
  const isNamed = operation.kind === "put" || operation.kind === "insert";
  return isNamed && operation.value !== null ? [{ ...operation, value: null }] : [];
}

function smallerBatches({ writes }: ScenarioOperation & { kind: "batch" }): ScenarioOperation[] {
  const [only] = writes;
  if (writes.length === 1 && only !== undefined) return [only];
  return writes.map((_, dropped) => ({
    kind: "batch",
    writes: writes.filter((__, i) => i !== dropped),
  }));
}

function widerScans(scan: ScenarioOperation & { kind: "scan" }): ScenarioOperation[] {
  const { range } = scan;
  const wider: NumberRange[] = [];
  if (range.limit !== null) wider.push({ ...range, limit: null });
  if (range.start !== null) wider.push({ ...range, start: null, startInclusive: true });
  if (range.end !== null) wider.push({ ...range, end: null, endInclusive: true });
  const { atOnce, ...plain } = scan;
  const ranges = wider.map((one) => ({ ...scan, range: one }));
  return atOnce === undefined ? ranges : [plain, ...ranges];
}

function keysOf({ operation }: Item): number[] {
  if ("key" in operation) return [operation.key];
  return operation.kind === "batch" ? operation.writes.map(({ key }) => key) : [];
}

function renamed(item: Item, from: number, to: number): Item {
  const { operation } = item;
  if ("key" in operation) {
    return operation.key === from ? { ...item, operation: { ...operation, key: to } } : item;
  }
  if (operation.kind !== "batch") return item;
  const writes = operation.writes.map((write) =>
    write.key === from ? { ...write, key: to } : write,
  );
  return { ...item, operation: { ...operation, writes } };
}
