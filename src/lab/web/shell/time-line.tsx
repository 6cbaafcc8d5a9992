import type { JSX } from "preact";
import type { Film, GoOnStrategy } from "../../index.ts";
import { type LabState, SPEEDS } from "../state/index.ts";
import { HintButton } from "./hint-button.tsx";
import { Strip } from "./strip.tsx";

/** The steps of the run: where the cursor is, and what moves it. */
export function TimeLine({ lab }: { readonly lab: LabState }): JSX.Element {
  const cursor = lab.cursor.value;
  const { film } = lab.reel.value;
  const last = film.stops.length - 1;
  const deed = deedText(film, cursor);
  return (
    <section class="time" aria-label="Time line">
      <Buttons lab={lab} />
      <p class="deed" aria-live="polite" data-testid="deed">
        {deed}
      </p>
      <Strip film={film} cursor={cursor} seek={(stop) => lab.seek(stop)} />
      <input
        type="range"
        min={0}
        max={last}
        value={cursor}
        aria-label="Step of the run"
        aria-valuetext={deed}
        onInput={(event) => lab.seek(Number(event.currentTarget.value))}
      />
    </section>
  );
}

/** What led to a stop, in words. */
function deedText({ stops, tasks, isOver, failure }: Film, cursor: number): string {
  const last = stops.length - 1;
  const deed = stops[cursor]?.deed ?? null;
  const of = `Step ${cursor} of ${last}${isOver ? "" : " so far"}`;
  if (deed === null) return `${of}: nothing has happened yet.`;
  const name = tasks[deed.task]?.name ?? "";
  const end = cursor === last && isOver ? (failure === null ? " The end." : " It fails.") : "";
  return `${of}: ${name} ${deed.text}.${end}`;
}

function Buttons({ lab }: { readonly lab: LabState }): JSX.Element {
  const isPlaying = lab.isPlaying.value;
  const isAtStart = lab.cursor.value === 0;
  const { isOver } = lab.reel.value.film;
  const isOverHere = isOver && lab.isAtEnd.value;
  const needsChoice =
    lab.isAtEnd.value && lab.picture.value.tasks.filter(({ mayGo }) => mayGo).length !== 1;
  return (
    <div class="buttons">
      <button type="button" disabled={isAtStart} onClick={() => lab.seek(0)} title="Home">
        |◀<span class="unseen"> to the start</span>
      </button>
      <button type="button" disabled={isAtStart} onClick={() => lab.back()} title="←">
        ◀<span class="unseen"> one step back</span>
      </button>
      <button
        type="button"
        class="primary play"
        disabled={isOverHere && !isPlaying}
        onClick={() => (isPlaying ? lab.pause() : lab.play())}
        title="space"
      >
        {isPlaying ? "❚❚ Pause" : "▶ Play"}
      </button>
      <StrategyChoice lab={lab} />
      <SpeedChoice lab={lab} />
      <button
        type="button"
        disabled={needsChoice}
        onClick={() => lab.next()}
        title={needsChoice ? "There is a choice: let a task take its step" : "→"}
      >
        ▶<span class="unseen"> one step on</span>
      </button>
      <button
        type="button"
        disabled={lab.isAtEnd.value && isOver}
        onClick={() => lab.untilSomethingHappens()}
        title="n"
      >
        Until something happens
      </button>
      <button
        type="button"
        aria-label="Undo"
        disabled={!lab.canUndo.value}
        onClick={() => lab.undo()}
        title="u"
      >
        ↶
      </button>
      <button
        type="button"
        aria-label="Redo"
        disabled={!lab.canRedo.value}
        onClick={() => lab.redo()}
        title="y"
      >
        ↷
      </button>
      <button type="button" onClick={() => lab.restart()} title="r">
        Start over
      </button>
      <HintButton lab={lab} />
    </div>
  );
}

const STRATEGY_TEXTS: readonly (readonly [GoOnStrategy, string])[] = [
  ["on", "whoever runs goes on"],
  ["round-robin", "each in turn"],
  ["random", "at random"],
];

function StrategyChoice({ lab }: { readonly lab: LabState }): JSX.Element {
  return (
    <label>
      <span class="unseen">Who goes next when it plays </span>
      <select
        value={lab.strategy.value}
        onChange={({ currentTarget }) => {
          const chosen = STRATEGY_TEXTS.find(([name]) => name === currentTarget.value);
          if (chosen !== undefined) lab.strategy.value = chosen[0];
        }}
      >
        {STRATEGY_TEXTS.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function SpeedChoice({ lab }: { readonly lab: LabState }): JSX.Element {
  return (
    <label>
      <span class="unseen">Speed </span>
      <select
        value={lab.speed.value}
        onChange={({ currentTarget }) => {
          lab.speed.value = Number(currentTarget.value);
        }}
      >
        {SPEEDS.map((stepsPerSecond, index) => (
          <option key={stepsPerSecond} value={index}>
            {stepsPerSecond}/s
          </option>
        ))}
      </select>
    </label>
  );
}
