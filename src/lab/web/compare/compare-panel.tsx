import type { JSX } from "preact";
import { PROTOCOLS } from "../../../btree/index.ts";
import type { LabState } from "../state/index.ts";
import { workers } from "../worker/index.ts";
import { type Comparison, type Costs, nameOf, type Side } from "./comparison.ts";

/** Two protocols under the same schedule, as far as both can follow it. */
export function ComparePanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const scenario = lab.scenario.value;
  const found = lab.comparison.value;
  const ownState = workers.ownState.value;
  const own = ownState.kind === "ready" ? ownState.names : [];
  return (
    <>
      <h2>Side by side</h2>
      <p>
        The same operations in the same order under another protocol, without any bug. Where its
        task cannot go on, the schedule's next one goes on in its place.
      </p>
      <label>
        Beside {scenario.bug === null ? scenario.protocol : `bug ${scenario.bug}`}{" "}
        <select
          value={lab.beside.value ?? ""}
          onChange={({ currentTarget: { value } }) => {
            lab.beside.value = value === "" ? null : value;
          }}
        >
          <option value="">nothing</option>
          {own.map((name) => (
            <option key={name} value={name}>
              {name}, your own
            </option>
          ))}
          {PROTOCOLS.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {found === null && lab.beside.value !== null && <p>These two cannot be compared here.</p>}
      {found !== null && <Result lab={lab} found={found} />}
    </>
  );
}

function Result({
  lab,
  found,
}: {
  readonly lab: LabState;
  readonly found: Comparison;
}): JSX.Element {
  const { one, other: beside, differsAt } = found;
  return (
    <div data-testid="comparison">
      <p>
        {differsAt === null ? (
          "No step differs."
        ) : (
          <>
            The first difference is at step {differsAt}.{" "}
            <button type="button" onClick={() => lab.seek(differsAt)}>
              Go to step {differsAt}
            </button>
          </>
        )}
      </p>
      <CostTable one={one} other={beside} />
      <Steps one={one} other={beside} differsAt={differsAt} />
    </div>
  );
}

const COSTS: readonly (readonly [keyof Costs, string])[] = [
  ["steps", "steps"],
  ["granted", "latches taken"],
  ["waits", "waits for a latch"],
  ["waiting", "steps that tasks spent waiting"],
  ["refused", "tries refused"],
  ["heldByOneMax", "most latches one task held"],
  ["heldMax", "most latches held at once"],
];

function endOf({ reel: { film: made } }: Side): string {
  return made.failure === null ? "✓ went well" : `✗ ${made.failure.kind}`;
}

type Sides = Pick<Comparison, "one" | "other">;

function CostTable({ one, other: beside }: Sides): JSX.Element {
  return (
    <table>
      <caption class="unseen">What each run cost</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{nameOf(one)}</th>
          <th scope="col">{nameOf(beside)}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">end</th>
          <td>{endOf(one)}</td>
          <td>{endOf(beside)}</td>
        </tr>
        {COSTS.map(([field, text]) => (
          <tr key={field}>
            <th scope="row">{text}</th>
            <td>{one.costs[field]}</td>
            <td>{beside.costs[field]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Steps shown of each side. */
const STEPS_MAX = 200;

function Steps({ one, other: beside, differsAt }: Comparison): JSX.Element {
  const films = [one.reel.film, beside.reel.film];
  const length = Math.min(STEPS_MAX, Math.max(...films.map(({ stops }) => stops.length)));
  const rows = Array.from({ length: length - 1 }, (_, index) => index + 1);
  return (
    <table>
      <caption>Steps of both</caption>
      <thead>
        <tr>
          <th scope="col">step</th>
          <th scope="col">{nameOf(one)}</th>
          <th scope="col">{nameOf(beside)}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((step) => (
          <tr key={step} class={step === differsAt ? "differs" : ""}>
            <th scope="row">
              {step === differsAt ? "≠ " : ""}
              {step}
            </th>
            {films.map(({ stops, tasks }, side) => {
              const deed = stops[step]?.deed;
              const name = tasks[deed?.task ?? -1]?.name ?? "";
              return (
                <td key={side}>
                  {deed === null || deed === undefined ? "" : `${name} ${deed.text}`}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
