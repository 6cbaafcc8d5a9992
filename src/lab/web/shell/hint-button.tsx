import type { JSX } from "preact";
import { HINT_RUNS_MAX, levelNamed } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { workers } from "../worker/index.ts";

/** Says who would be next on the way to a failure, and puts that into words beside it. */
export function HintButton({ lab }: { readonly lab: LabState }): JSX.Element | null {
  const hint = lab.hint.value;
  const level = lab.level.value === null ? null : levelNamed(lab.level.value);
  // It leads to a failure, which is not what every level wants; those have hints of their own.
  if (level !== null && level.goal.kind !== "fails") return null;
  const isOf = hint !== null && hint.cursor === lab.cursor.value && hint.reel === lab.reel.value;
  return (
    <span class="hint">
      <button type="button" title="h" onClick={() => void askForHint(lab)}>
        Hint
      </button>{" "}
      <span role="status" data-testid="hint">
        {isOf ? hint.text : ""}
      </span>
    </span>
  );
}

/** Looks for a failure from the cursor on, and shows the next step to it. */
export async function askForHint(lab: LabState): Promise<void> {
  const { scenario, schedule, cursor } = lab.moment;
  const reel = lab.reel.value;
  const decisions = reel.film.stops[cursor]?.decisions ?? 0;
  // The worker may be busy with a search.
  lab.hint.value = { reel, cursor, text: "Looking ..." };
  try {
    const { text } = await workers.do({
      kind: "hint",
      scenario,
      schedule: schedule.slice(0, decisions),
      failing: lab.failing.value,
      runsMax: HINT_RUNS_MAX,
      seed: "hint",
    }).answer;
    lab.hint.value = { reel, cursor, text };
  } catch (error) {
    lab.hint.value = null;
    lab.refuse(error instanceof Error ? error.message : String(error));
  }
}
