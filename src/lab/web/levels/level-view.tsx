import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { costText, type Level, LEVELS, type Outcome } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { HoldsForm, PredictForm } from "./level-forms.tsx";
import type { LevelsState } from "./levels-state.ts";

interface LevelViewProps {
  readonly lab: LabState;
  readonly levels: LevelsState;
  readonly level: Level;
}

/** One level: what is to be seen and done, how it stands, and in the end what it was about. */
export function LevelView({ lab, levels, level }: LevelViewProps): JSX.Element {
  const outcome = levels.outcome.value;
  const number = LEVELS.indexOf(level) + 1;
  const top = useRef<HTMLElement>(null);
  // A level begins with its text, wherever the list was scrolled to.
  useLayoutEffect(() => top.current?.scrollIntoView({ block: "start" }), [level]);
  return (
    <article class="level" data-testid="level" ref={top}>
      <p>
        <button type="button" onClick={() => levels.leave()}>
          ← All levels
        </button>{" "}
        Level {number} of {LEVELS.length}
      </p>
      <h2>{level.title}</h2>
      <Paragraphs text={level.text} />
      <p class="level-task">
        <strong>To do:</strong> {level.task}
      </p>
      {level.goal.kind === "predict" && <PredictForm levels={levels} goal={level.goal} />}
      {level.goal.kind === "holds" && <HoldsForm lab={lab} levels={levels} goal={level.goal} />}
      <Par level={level} />
      <Standing outcome={outcome} />
      {outcome?.state === "solved" ? (
        <Solved levels={levels} level={level} />
      ) : (
        <Hints levels={levels} level={level} />
      )}
      <p>
        <button type="button" onClick={() => levels.begin(level)}>
          Begin this level again
        </button>
      </p>
    </article>
  );
}

function Paragraphs({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {paragraphsOf(text).map((paragraph, at) => (
        <p key={at}>{paragraph}</p>
      ))}
    </>
  );
}

/** A text's paragraphs, which an empty line divides. */
function paragraphsOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function Par({ level: { goal } }: { readonly level: Level }): JSX.Element | null {
  if (goal.kind !== "fails" && goal.kind !== "reach") return null;
  return (
    <p class="par" title="A preemption: switching away from a task that could have gone on.">
      Par: {costText(goal.par)}. No run does it with less.
    </p>
  );
}

const STATE_MARKS: Readonly<Record<Outcome["state"], string>> = {
  solved: "✓ Solved.",
  open: "… Not yet.",
  missed: "✗ Not this way.",
};

function Standing({ outcome }: { readonly outcome: Outcome | null }): JSX.Element {
  const place = useRef<HTMLParagraphElement>(null);
  const state = outcome?.state;
  // Where the panel scrolls, what has come of it is brought into view.
  useLayoutEffect(() => {
    if (state === "solved") place.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  return (
    <p
      ref={place}
      class={`standing ${outcome?.state ?? "open"}`}
      role="status"
      data-testid="standing"
      data-state={outcome?.state ?? "open"}
      data-par={outcome?.isPar === true}
    >
      {outcome !== null && (
        <>
          <strong>{STATE_MARKS[outcome.state]}</strong> {outcome.text}
        </>
      )}
    </p>
  );
}

type OfLevel = Pick<LevelViewProps, "levels" | "level">;

function Solved({ levels, level }: OfLevel): JSX.Element {
  const { next } = levels;
  return (
    <section aria-label="What it was about" data-testid="explanation">
      <Paragraphs text={level.explanation} />
      {next === null ? (
        <p>That was the last level.</p>
      ) : (
        <p>
          <button type="button" class="primary" onClick={() => levels.begin(next)}>
            Next level: {next.title}
          </button>
        </p>
      )}
    </section>
  );
}

function Hints({ levels, level: { hints } }: OfLevel): JSX.Element | null {
  const shown = levels.hints.value;
  if (hints.length === 0) return null;
  return (
    <section aria-label="Hints">
      <ul>
        {hints.slice(0, shown).map((hint) => (
          <li key={hint}>{hint}</li>
        ))}
      </ul>
      {shown < hints.length && (
        <button
          type="button"
          onClick={() => {
            levels.hints.value = shown + 1;
          }}
        >
          {shown === 0 ? "Show a hint" : "Show another hint"}
        </button>
      )}
    </section>
  );
}
