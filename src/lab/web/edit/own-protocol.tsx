import type { JSX } from "preact";
import { type OwnState, workers } from "../worker/index.ts";
import type { Editing } from "./edit-state.ts";
import { TextWithLines } from "./text-with-lines.tsx";

/** A protocol that the reader writes, as JavaScript. */
export function OwnProtocol({ editing }: { readonly editing: Editing }): JSX.Element {
  const state = workers.ownState.value;
  const code = editing.code.value;
  const isEmpty = code.trim() === "";
  return (
    <details open={!isEmpty || state.kind !== "none"}>
      <summary>A protocol of your own</summary>
      <p>
        Write a class that extends a protocol of the house and changes what you like. It runs in a
        frame of its own, without this page, storage or network. The chapter on protocols of your
        own says what a protocol owes.
      </p>
      {editing.isUnread.value && (
        <p class="fault">The link brought this code. Read it first; it has not been run.</p>
      )}
      <TextWithLines
        id="own-code"
        label="JavaScript"
        text={code}
        onText={(text) => editing.typeCode(text)}
        onSubmit={() => void editing.useCode()}
        faultLine={state.kind === "fault" ? state.line : null}
        fault={state.kind === "fault" ? state.message : null}
      />
      <p class="row">
        <button
          type="button"
          disabled={isEmpty || state.kind === "loading"}
          onClick={() => void editing.useCode()}
        >
          Use this protocol
        </button>
        <button type="button" onClick={() => editing.showExample()}>
          Show an example
        </button>
        <button
          type="button"
          disabled={state.kind === "none" && isEmpty}
          onClick={() => editing.dropCode()}
        >
          Leave it
        </button>
      </p>
      <p role="status" data-testid="own-state">
        {stateText(state)}
      </p>
    </details>
  );
}

function stateText(state: OwnState): string {
  switch (state.kind) {
    case "none":
    case "fault":
      return "";
    case "loading":
      return "It is being run ...";
    case "ready":
      return `✓ ${state.names.join(", ")}: to be chosen as the protocol of a scenario.`;
  }
}
