import type { Signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LabState } from "../state/index.ts";

/** What a panel is given. */
export interface PanelProps {
  readonly lab: LabState;
  /** The panel that is open, by its id. */
  readonly tab: Signal<string>;
}

/** One panel beside the stage. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly Panel: ComponentType<PanelProps>;
}

interface TabsProps {
  readonly lab: LabState;
  readonly tabs: readonly Tab[];
  readonly open: Signal<string>;
}

/** The panels, of which one is open; arrows move between their tabs. */
export function Tabs({ lab, tabs, open }: TabsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(({ id }) => id === open.value),
  );
  const shown = tabs[at];
  const move = (by: number): void => {
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    open.value = next.id;
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <aside class="side" aria-label="Panels">
      <div
        role="tablist"
        aria-label="Panels"
        ref={list}
        onKeyDown={({ key }) => {
          if (key === "ArrowRight") move(1);
          else if (key === "ArrowLeft") move(-1);
        }}
      >
        {tabs.map(({ id, title }, index) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={index === at}
            aria-controls="panel"
            tabIndex={index === at ? 0 : -1}
            onClick={() => {
              open.value = id;
            }}
          >
            {title}
          </button>
        ))}
      </div>
      {shown !== undefined && (
        <div
          key={shown.id}
          role="tabpanel"
          id="panel"
          aria-labelledby={`tab-${shown.id}`}
          tabIndex={0}
        >
          <shown.Panel lab={lab} tab={open} />
        </div>
      )}
    </aside>
  );
}
