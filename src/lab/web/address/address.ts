import { effect, type Signal } from "@preact/signals";
import { formatLink, parseLink, type SharedState } from "../../index.ts";
import { PROTOCOLS } from "../../../btree/index.ts";
import { awaitCode, awaitedRun, ownNames } from "../edit/index.ts";
import type { LabState } from "../state/index.ts";

/** What of the lab is in its address. */
export interface Addressed {
  readonly lab: LabState;
  /** The panel that is open. */
  readonly tab: Signal<string>;
}

/** The state that the lab is in, as a link has it. */
export function sharedState({ lab, tab }: Addressed): SharedState {
  return {
    run: awaitedRun(lab) ?? lab.moment,
    level: lab.level.value,
    beside: lab.beside.value,
    tab: tab.value,
    code: lab.ownCode.value,
  };
}

/** The address of this very moment. */
export function linkTo(addressed: Addressed): string {
  const address = new URL(location.href);
  address.hash = formatLink(sharedState(addressed));
  return address.href;
}

/** Puts the lab into the state that the address names, if it names one. */
export function openAddress(addressed: Addressed): void {
  if (location.hash.length < 2) return;
  const { lab, tab } = addressed;
  const opened = parseLink(location.hash);
  if (opened.kind === "fault") {
    lab.refuse(opened.message);
    return;
  }
  const { run, level, beside, tab: open, code } = opened.state;
  const isAwaited = run !== null && code !== null && !isToBeHad(run.scenario.protocol);
  if (run !== null && !isAwaited) lab.load(run);
  awaitCode(lab, isAwaited ? run : null);
  lab.level.value = level;
  // What comes with its own code may stand beside it too, once that is used.
  const isBesideKnown = beside === null || code !== null || isToBeHad(beside);
  lab.beside.value = isBesideKnown ? beside : null;
  if (!isBesideKnown) lab.refuse(`This link compares with ${JSON.stringify(beside)}: no protocol.`);
  if (open !== null) tab.value = open;
  // Code in a link is shown, and runs only when the reader says so.
  lab.ownCode.value = code;
  if (isAwaited) {
    tab.value = "edit";
    lab.refuse(
      "This link brings a protocol of its own. Read it under Edit, and use it if you like.",
    );
  }
}

/** How often the address is written at most. */
const WRITE_MS_MIN = 100;

/** Keeps the address the one of what is shown, so that it can be sent or reloaded at any time. */
export function keepAddress(addressed: Addressed): void {
  let { hash } = location;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  const write = (): void => {
    timer = null;
    lastMs = performance.now();
    // Another link was put there, which the page is about to hear of.
    if (location.hash !== hash) return;
    const now = `#${formatLink(sharedState(addressed))}`;
    try {
      history.replaceState(null, "", now);
      ({ hash } = location);
    } catch {
      // A frame without an origin, or too many changes in a second: the link is in the panel.
    }
  };
  effect(() => {
    sharedState(addressed);
    if (timer !== null) return;
    // Whoever drags the slider comes through many moments: a browser takes long over each.
    const waitMs = WRITE_MS_MIN - (performance.now() - lastMs);
    if (waitMs <= 0) write();
    else timer = setTimeout(write, waitMs);
  });
  addEventListener("hashchange", () => {
    if (location.hash === hash) return;
    ({ hash } = location);
    openAddress(addressed);
  });
}

/** Whether a protocol is one of the house, or runs here already. */
function isToBeHad(protocol: string): boolean {
  return PROTOCOLS.some(({ name }) => name === protocol) || ownNames().includes(protocol);
}
