import type { JSX } from "preact";

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Ctrl and Enter. */
  readonly onSubmit: () => void;
  /** The line to be marked, from 1; null for none. */
  readonly faultLine: number | null;
  /** What is wrong with the text; null for nothing. */
  readonly fault: string | null;
}

/** A text that is typed, with its line numbers; a fault marks its line, and is told below. */
export function TextWithLines(props: TextProps): JSX.Element {
  const { id, label, text, onText, onSubmit, faultLine, fault } = props;
  const lines = text.split("\n");
  return (
    <div class="text-with-lines">
      <label for={id}>{label}</label>
      <div class="lines">
        <ol aria-hidden="true">
          {lines.map((_, index) => {
            const isFaulty = index + 1 === faultLine;
            return (
              // oxlint-disable-next-line react/no-array-index-key -- a line is its number
              <li key={index} class={isFaulty ? "faulty" : ""}>
                {isFaulty ? "✗ " : ""}
                {index + 1}
              </li>
            );
          })}
        </ol>
        <textarea
          id={id}
          wrap="off"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          rows={lines.length + 1}
          value={text}
          aria-invalid={fault !== null}
          aria-describedby={`${id}-fault`}
          onInput={({ currentTarget: { value } }) => onText(value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onSubmit();
          }}
        />
      </div>
      <p id={`${id}-fault`} class="line-fault" role="status" data-testid={`${id}-fault`}>
        {fault !== null && (
          <>
            ✗ {faultLine === null ? "" : `Line ${faultLine}: `}
            {fault}
          </>
        )}
      </p>
    </div>
  );
}
