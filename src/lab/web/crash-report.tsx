import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type CrashRow, type RecoveryRow, type Story, tellStory } from "../../hunt/index.ts";
import { LatchworkError } from "../../task/index.ts";
import type { LabState } from "./state/index.ts";

/**
 * What the last crash before the cursor left of the disk, which operations it cut off, and what
 * recovery has to say once it is over; from the same story that a replay prints.
 */
export function CrashReport({ lab }: { readonly lab: LabState }): JSX.Element | null {
  const scenario = lab.scenario.value;
  const { film } = lab.reel.value;
  const hasCrashed = (lab.picture.value.disk?.crashes ?? 0) > 0;
  const story = useMemo(
    () => (hasCrashed ? storyOf(scenario, film.schedule) : null),
    [hasCrashed, scenario, film],
  );
  if (story === null) return null;
  const until = story.rows.filter(({ step }) => step !== null && step <= lab.cursor.value);
  const crash = until.findLast((row): row is CrashRow => row.kind === "crash");
  if (crash === undefined) return null;
  const recovered = until.findLast(
    (row): row is RecoveryRow => row.kind === "recovery" && row.report.length > 0,
  );
  const after = (recovered?.step ?? 0) > (crash.step ?? 0) ? recovered : undefined;
  return (
    <section class="crash-report" aria-label="The crash" data-testid="crash-report">
      <h2>After crash {crash.crash}</h2>
      <Lines title="The disk" lines={crash.survived} none="nothing was unsynced" />
      <Lines title="What recovery will find" lines={crash.found} none="no database" />
      <Lines title="Acknowledged, so it must be there" lines={texts(story, crash.acknowledged)} />
      <Lines title="Cut off, so it may be there or not" lines={texts(story, crash.cut)} />
      {after !== undefined && <Lines title="Recovery" lines={[...after.report, ...after.tree]} />}
    </section>
  );
}

function storyOf(
  scenario: LabState["scenario"]["value"],
  schedule: readonly number[],
): Story | null {
  try {
    return tellStory(scenario, schedule);
  } catch (error) {
    // A protocol of one's own is known to its worker only.
    if (error instanceof LatchworkError) return null;
    throw error;
  }
}

function texts({ operations }: Story, indexes: readonly number[]): string[] {
  return indexes.map((index) => operations[index]?.text ?? "");
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly none?: string;
}

function Lines({ title, lines, none = "none" }: LinesProps): JSX.Element {
  return (
    <>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p>{none}</p>
      ) : (
        <ul>
          {lines.map((line, at) => (
            <li key={at}>{line}</li>
          ))}
        </ul>
      )}
    </>
  );
}
