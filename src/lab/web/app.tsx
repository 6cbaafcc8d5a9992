import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { bugNamed } from "../../hunt/index.ts";
import { levelNamed } from "../index.ts";
import {
  carryOutKey,
  Help,
  isForTheLab,
  QuickSteps,
  Tabs,
  themeButton,
  TimeLine,
} from "./shell/index.ts";
import { Stage } from "./stage-area.tsx";
import type { LabState } from "./state/index.ts";
import { TABS } from "./panels.tsx";

interface AppProps {
  readonly lab: LabState;
  /** The id of the panel that is open. */
  readonly tab: Signal<string>;
}

/** The whole page. */
export function App({ lab, tab }: AppProps): JSX.Element {
  const help = useRef<HTMLDialogElement>(null);
  // In a frame of another page, as a chapter of the book, one run is to be seen, and no panels.
  const isFramed = window.parent !== window;
  const stage = useRef<HTMLElement>(null);
  const scenario = lab.scenario.value;
  // Another scenario is looked at from its tree on.
  useLayoutEffect(() => stage.current?.scrollTo(0, 0), [scenario]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isForTheLab(event)) return;
      if (event.key === "?") help.current?.showModal();
      else if (!carryOutKey(lab, event.key)) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [lab]);
  return (
    <div class={isFramed ? "lab framed" : "lab"}>
      <header>
        <h1 class={isFramed ? "unseen" : ""}>Latchwork: the lab</h1>
        <p data-testid="subject">{subject(lab)}</p>
        {!isFramed && themeButton()}
        <button type="button" onClick={() => help.current?.showModal()}>
          Help <kbd>?</kbd>
        </button>
      </header>
      <main class="stage" tabIndex={0} ref={stage}>
        {lab.fault.value !== null && (
          <p class="fault" role="alert">
            {lab.fault.value}
          </p>
        )}
        <Stage lab={lab} />
      </main>
      <TimeLine lab={lab} />
      <QuickSteps lab={lab} />
      {!isFramed && <Tabs lab={lab} tabs={TABS} open={tab} />}
      <Help dialog={help} />
    </div>
  );
}

/** What runs, in half a line; a level has a name of its own, and does not give its bug away. */
function subject(lab: LabState): string {
  const { protocol, bug, capacity } = lab.scenario.value;
  const room = capacity === 0 ? "" : `, at most ${capacity} entries a page`;
  const level = lab.level.value === null ? null : levelNamed(lab.level.value);
  if (level !== null) return `${level.title}${room}`;
  return bug === null
    ? `${protocol}${room}`
    : `${protocol} with bug ${bug}: ${bugNamed(bug).title}`;
}
