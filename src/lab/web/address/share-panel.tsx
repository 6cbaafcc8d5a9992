import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { formatReplay } from "../../../hunt/index.ts";
import { formatSchedule } from "../../../sim/index.ts";
import { copyText } from "../copy-text.ts";
import { type Addressed, linkTo } from "./address.ts";

/** What the last button did. */
const said = signal("");

/** The address of what is shown, and the line that runs it again anywhere. */
export function SharePanel(addressed: Addressed): JSX.Element {
  const { scenario, schedule } = addressed.lab.moment;
  return (
    <section aria-label="Share">
      <h2>Share this moment</h2>
      <p>
        The whole state is in the address: whoever opens it sees the same moment. Nothing is sent to
        any server.
      </p>
      <Copied name="Link" text={linkTo(addressed)} />
      <Copied
        name="Line for latchwork replay"
        text={formatReplay(scenario, formatSchedule(schedule))}
      />
      <p role="status">{said.value}</p>
    </section>
  );
}

function Copied({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <p>
      <label>
        {name}
        <textarea readOnly rows={3} value={text} />
      </label>
      <button type="button" onClick={() => void copy(name, text)}>
        Copy the {name.toLowerCase()}
      </button>
    </p>
  );
}

async function copy(name: string, text: string): Promise<void> {
  said.value = await copyText(name, text);
}
