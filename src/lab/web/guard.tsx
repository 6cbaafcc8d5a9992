import { Component, type ComponentChildren, type JSX } from "preact";
import type { Reel } from "../index.ts";
import type { LabState } from "./state/index.ts";

interface GuardProps {
  readonly lab: LabState;
  readonly children: ComponentChildren;
}

interface GuardState {
  readonly failed: Reel | null;
}

/** Stands for the page while a run is shown that cannot be drawn, so that one can leave it. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { failed: null };

  override componentDidCatch(error: unknown): void {
    // It is a bug, or what somebody's own code has made of a run; no test is to overlook it.
    reportError(error);
    this.setState({ failed: this.props.lab.reel.value });
  }

  override render({ lab, children }: GuardProps): JSX.Element {
    if (this.state.failed !== lab.reel.value) return <>{children}</>;
    return (
      <main class="lab" data-testid="guard">
        <h1>Latchwork: the lab</h1>
        <p class="fault" role="alert">
          This run cannot be drawn.
        </p>
        <p>
          <button type="button" disabled={!lab.canUndo.value} onClick={() => lab.undo()}>
            Undo
          </button>
        </p>
      </main>
    );
  }
}
