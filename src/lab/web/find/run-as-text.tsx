import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { LabState } from "../state/index.ts";
import { copyText } from "../copy-text.ts";
import { finding } from "./find-state.ts";

/** What the last button did. */
const said = signal("");

/** The run that is shown as story, schedule, replay line and trace. */
export function RunAsText({ lab }: { readonly lab: LabState }): JSX.Element {
  const texts = finding.textsOf(lab);
  const { isOver } = lab.reel.value.film;
  return (
    <section aria-label="This run as text">
      <h3>This run as text</h3>
      <p>
        <button type="button" onClick={() => void finding.write(lab)}>
          Write it down
        </button>{" "}
        {!isOver && "It is not over yet: from here on, whoever runs goes on."}
      </p>
      {texts !== null && (
        <div data-testid="texts">
          <Text name="Story" text={texts.story} />
          <Text name="Schedule" text={texts.schedule} />
          <Text name="Replay line" text={texts.replay} />
          <Text name="Trace" text={texts.trace} />
          <p role="status">{said.value}</p>
        </div>
      )}
    </section>
  );
}

function Text({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <details open={name === "Story"}>
      <summary>{name}</summary>
      <button type="button" onClick={() => void copy(name, text)}>
        Copy the {name.toLowerCase()}
      </button>
      <pre class="text" tabIndex={0} aria-label={name}>
        {text}
      </pre>
    </details>
  );
}

async function copy(name: string, text: string): Promise<void> {
  said.value = await copyText(name, text);
}
