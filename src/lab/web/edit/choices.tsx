import type { JSX } from "preact";
import { PROTOCOLS } from "../../../btree/index.ts";
import { type Bug, bugNamed, BUGS, formatScenario, scenarioOfBug } from "../../../hunt/index.ts";
import { namedIn, protocolTitle } from "../../index.ts";
import { type Editing, ownNames } from "./edit-state.ts";

interface ChoiceProps {
  readonly editing: Editing;
}

/** The protocols, the reader's own among them. */
export function ProtocolChoice({ editing }: ChoiceProps): JSX.Element {
  const { protocol } = namedIn(editing.text.value);
  const own = ownNames();
  return (
    <p>
      <label>
        Protocol{" "}
        <select
          value={protocol}
          onChange={({ currentTarget: { value } }) => editing.chooseProtocol(value)}
        >
          {own.map((name) => (
            <option key={name} value={name}>
              {name}: your own
            </option>
          ))}
          {PROTOCOLS.map(({ name }) => (
            <option key={name} value={name}>
              {name}: {protocolTitle(name)}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}

/** The bugs of the protocol, and the decoys. */
export function BugChoice({ editing }: ChoiceProps): JSX.Element {
  const { protocol, bug } = namedIn(editing.text.value);
  const bugs = BUGS.filter((one) => one.protocol === protocol);
  const chosen = bugs.find(({ id }) => id === bug) ?? null;
  return (
    <>
      <p>
        <label>
          Bug{" "}
          <select
            value={bug ?? ""}
            disabled={bugs.length === 0}
            onChange={({ currentTarget: { value } }) => {
              editing.choose("bug", value === "" ? null : value);
            }}
          >
            <option value="">none: the protocol as it should be</option>
            {bugs.map((one) => (
              <option key={one.id} value={one.id}>
                {titleOf(one)}
              </option>
            ))}
          </select>
        </label>
      </p>
      {chosen !== null && (
        <p>
          {chosen.explanation}{" "}
          <button
            type="button"
            onClick={() => editing.type(formatScenario(scenarioOfBug(bugNamed(chosen.id))))}
          >
            Use the smallest scenario of {chosen.id}
          </button>
        </p>
      )}
    </>
  );
}

function titleOf({ id, kind, title }: Bug): string {
  return kind === "decoy"
    ? `${id} (no bug, though it looks like one): ${title}`
    : `${id}: ${title}`;
}
