import type { JSX } from "preact";
import { CHAPTERS, type Level, LEVELS } from "../../index.ts";
import type { LevelsState } from "./levels-state.ts";

/** All levels by chapters, with those that are solved; every one is open. */
export function LevelList({ levels }: { readonly levels: LevelsState }): JSX.Element {
  const solved = levels.progress.solved.value;
  const next = LEVELS.find(({ id }) => !solved.has(id));
  const count = LEVELS.filter(({ id }) => solved.has(id)).length;
  return (
    <section aria-label="Levels" data-testid="level-list">
      <h2>Levels</h2>
      <p>
        Each is a small thing to try, in an order that teaches. {count} of {LEVELS.length} solved.
      </p>
      {next !== undefined && (
        <p>
          <button type="button" class="primary" onClick={() => levels.begin(next)}>
            {count === 0 ? "Begin" : "Go on"}: {next.title}
          </button>
        </p>
      )}
      {CHAPTERS.map(({ title, levels: own }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ol class="level-list">
            {own.map((level) => (
              <li key={level.id}>
                <LevelButton level={level} levels={levels} isSolved={solved.has(level.id)} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

interface LevelButtonProps {
  readonly level: Level;
  readonly levels: LevelsState;
  readonly isSolved: boolean;
}

function LevelButton({ level, levels, isSolved }: LevelButtonProps): JSX.Element {
  return (
    <button type="button" onClick={() => levels.begin(level)} data-testid={`level-${level.id}`}>
      {isSolved ? "✓ " : "○ "}
      {level.title}
      <span class="unseen">{isSolved ? ", solved" : ", not solved yet"}</span>
    </button>
  );
}
