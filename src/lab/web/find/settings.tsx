import type { JSX } from "preact";
import { grouped } from "../../index.ts";
import { finding } from "./find-state.ts";

const BUDGETS: readonly number[] = [1000, 10_000, 100_000, 1_000_000];

const STRATEGIES: readonly (readonly [name: string, text: string])[] = [
  ["portfolio", "the usual five in turn"],
  ["random", "each choice at random"],
  ["pct3", "random priorities, changed twice"],
  ["pos", "random priorities of steps"],
  ["surw", "random, each order as likely"],
  ["surw:writes", "the same, by writes"],
  ["swarm", "another strategy each run"],
  ["feedback", "varies runs that were new"],
  ["dfs:2", "all with few preemptions first"],
];

const BOUNDS: readonly number[] = [0, 1, 2, 3];

/** How much is looked at, and in what way. */
export function Settings(): JSX.Element {
  return (
    <>
      <p class="row">
        <label>
          At most{" "}
          <select
            value={finding.runsMax.value}
            onChange={({ currentTarget: { value } }) => {
              finding.runsMax.value = Number(value);
            }}
          >
            {BUDGETS.map((runs) => (
              <option key={runs} value={runs}>
                {grouped(runs)} schedules
              </option>
            ))}
          </select>
        </label>
        <label>
          Seed{" "}
          <input
            type="text"
            size={6}
            maxLength={30}
            value={finding.seed.value}
            onInput={({ currentTarget: { value } }) => {
              finding.seed.value = value;
            }}
          />
        </label>
      </p>
      <details>
        <summary>How it searches</summary>
        <fieldset>
          <legend>Strategies of a hunt, in turn</legend>
          {STRATEGIES.map(([name, text]) => (
            <label key={name} class="choice">
              <input
                type="checkbox"
                checked={finding.strategies.value.includes(name)}
                onChange={() => toggle(name)}
              />{" "}
              {name}: {text}
            </label>
          ))}
        </fieldset>
        <label>
          A proof runs{" "}
          <select
            value={String(finding.preemptionsMax.value ?? "")}
            onChange={({ currentTarget: { value } }) => {
              finding.preemptionsMax.value = value === "" ? null : Number(value);
            }}
          >
            <option value="">every interleaving</option>
            {BOUNDS.map((bound) => (
              <option key={bound} value={bound}>
                those with at most {bound} preemption{bound === 1 ? "" : "s"}
              </option>
            ))}
          </select>
        </label>
      </details>
    </>
  );
}

/** Takes a strategy in or out; with none left, the usual ones are used. */
function toggle(name: string): void {
  const { value } = finding.strategies;
  const others = value.filter((one) => one !== name);
  const chosen = value.includes(name) ? others : [...value, name];
  finding.strategies.value = chosen.length > 0 ? chosen : ["portfolio"];
}
