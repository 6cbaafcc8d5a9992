import type { JSX } from "preact";
import { grouped, type HoldsGoal, type PredictGoal } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import type { LevelsState } from "./levels-state.ts";

/** A question about what comes next, with the real run as its answer. */
export function PredictForm({
  levels,
  goal,
}: {
  readonly levels: LevelsState;
  readonly goal: PredictGoal;
}): JSX.Element {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        levels.answer();
      }}
    >
      <Choices levels={levels} title={goal.question} choices={goal.choices} />
      <button type="submit" class="primary" disabled={levels.chosen.value === null}>
        Run it and see
      </button>
    </form>
  );
}

interface HoldsFormProps {
  readonly lab: LabState;
  readonly levels: LevelsState;
  readonly goal: HoldsGoal;
}

/** What could be right, of which one is to be proved. */
export function HoldsForm({ lab, levels, goal }: HoldsFormProps): JSX.Element {
  const runs = levels.proving.value;
  const found = levels.proof.value?.found ?? null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void levels.prove();
      }}
    >
      <Choices
        levels={levels}
        title="Which of these never fails?"
        choices={goal.subjects.map(({ label }) => label)}
      />
      <button
        type="submit"
        class="primary"
        disabled={levels.chosen.value === null || runs !== null}
      >
        Prove it: run every interleaving
      </button>{" "}
      {runs !== null && (
        <>
          <span role="status">{grouped(runs)} interleavings run</span>{" "}
          <button type="button" onClick={() => levels.stop()}>
            Stop
          </button>
        </>
      )}
      {levels.fault.value !== null && <p class="fault">{levels.fault.value}</p>}
      {found !== null && (
        <p>
          <button
            type="button"
            onClick={() => {
              const { scenario, schedule } = found;
              lab.load({ scenario, schedule, cursor: 0 }, schedule);
              lab.play();
            }}
          >
            Watch the run that fails
          </button>
        </p>
      )}
    </form>
  );
}

interface ChoicesProps {
  readonly levels: LevelsState;
  readonly title: string;
  readonly choices: readonly string[];
}

function Choices({ levels, title, choices }: ChoicesProps): JSX.Element {
  return (
    <fieldset class="choices">
      <legend>{title}</legend>
      {choices.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name="choice"
            checked={levels.chosen.value === choice}
            onChange={() => {
              levels.chosen.value = choice;
            }}
          />
          <span>{choice}</span>
        </label>
      ))}
    </fieldset>
  );
}
