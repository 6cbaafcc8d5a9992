import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { formatScenario } from "../../../hunt/index.ts";
import {
  type CheckedScenario,
  checkScenario,
  EXAMPLE_PROTOCOL,
  type Reel,
  type SharedRun,
  withLine,
} from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { workers } from "../worker/index.ts";

/** What is being typed: a scenario, and a protocol of the reader's own. */
export class Editing {
  readonly #lab: LabState;
  readonly #edited = signal<string | null>(null);
  readonly #code = signal<string | null>(null);

  /** The text as it stands: what is shown in the lab, or what was typed since. */
  readonly text: ReadonlySignal<string>;
  readonly isEdited: ReadonlySignal<boolean> = computed(() => this.#edited.value !== null);
  readonly checked: ReadonlySignal<CheckedScenario>;
  /** Whether the code is a link's, and has not been run. */
  readonly isUnread: ReadonlySignal<boolean>;
  /** The code as it stands: what is shared with the lab's address, or what was typed since. */
  readonly code: ReadonlySignal<string>;

  constructor(lab: LabState) {
    this.#lab = lab;
    this.text = computed(() => this.#edited.value ?? formatScenario(lab.scenario.value));
    this.checked = computed(() => checkScenario(this.text.value, ownNames()));
    this.code = computed(() => this.#code.value ?? lab.ownCode.value ?? "");
    this.isUnread = computed(
      () =>
        lab.ownCode.value !== null &&
        this.code.value === lab.ownCode.value &&
        workers.ownState.value.kind === "none",
    );
  }

  type(text: string): void {
    this.#edited.value = text;
  }

  /** Sets the line of a word, as a list has it. */
  choose(word: string, value: string | null): void {
    this.#edited.value = withLine(this.text.value, word, value);
  }

  /** Another protocol is chosen: a bug of the one before means nothing in it. */
  chooseProtocol(name: string): void {
    this.#edited.value = withLine(withLine(this.text.value, "bug", null), "protocol", name);
  }

  /** Goes back to what the lab shows. */
  discard(): void {
    this.#edited.value = null;
  }

  /** Shows in the lab what the text says. Does nothing while something is wrong with it. */
  show(): void {
    const checked = this.checked.value;
    if (checked.kind === "fault") return;
    const { scenario, schedule } = checked;
    this.#lab.level.value = null;
    this.#lab.load({ scenario, schedule, cursor: 0 });
    this.#edited.value = null;
  }

  typeCode(code: string): void {
    this.#code.value = code;
  }

  showExample(): void {
    this.#code.value = EXAMPLE_PROTOCOL;
  }

  /** Runs the reader's code where it can do no harm, and shows the scenario under its protocol. */
  async useCode(): Promise<void> {
    const code = this.code.value;
    const state = await workers.useOwn(code);
    if (state.kind !== "ready") return;
    this.#lab.ownCode.value = code;
    this.#code.value = null;
    const run = awaited.value?.run ?? null;
    awaited.value = null;
    const [name] = state.names;
    if (run !== null && state.names.includes(run.scenario.protocol)) this.#lab.load(run);
    else if (name !== undefined) {
      const scenario = { ...this.#lab.scenario.value, protocol: name, bug: null };
      this.#lab.level.value = null;
      this.#lab.load({ scenario, schedule: [], cursor: 0 });
    }
    this.#edited.value = null;
  }

  /** Ends the reader's code; the lab goes on under a protocol of the house. */
  dropCode(): void {
    const isUsed = ownNames().includes(this.#lab.scenario.value.protocol);
    workers.dropOwn();
    this.#lab.ownCode.value = null;
    this.#code.value = null;
    awaited.value = null;
    if (!isUsed) return;
    const scenario = { ...this.#lab.scenario.value, protocol: "crabbing", bug: null };
    this.#lab.load({ scenario, schedule: [], cursor: 0 });
  }
}

/** The run of a link that brings its own protocol, and what is shown in its place. */
interface Awaited {
  readonly run: SharedRun;
  readonly reel: Reel;
  readonly cursor: number;
}

const awaited: Signal<Awaited | null> = signal(null);

/** The run of a link waits until the reader uses the code that it brings; null for none. */
export function awaitCode(lab: LabState, run: SharedRun | null): void {
  const [reel, cursor] = [lab.reel.value, lab.cursor.value];
  awaited.value = run === null ? null : { run, reel, cursor };
}

/** The run that waits for its code; null once the visitor has gone on to something else. */
export function awaitedRun(lab: LabState): SharedRun | null {
  const { value } = awaited;
  const isStill = value?.reel === lab.reel.value && value.cursor === lab.cursor.value;
  return isStill ? value.run : null;
}

/** The protocols of the reader's own that are to be had now. */
export function ownNames(): readonly string[] {
  const state = workers.ownState.value;
  return state.kind === "ready" ? state.names : [];
}

const made = new WeakMap<LabState, Editing>();

/** What is being typed beside a lab; it stays while other panels are open. */
export function editingOf(lab: LabState): Editing {
  const known = made.get(lab);
  if (known !== undefined) return known;
  const editing = new Editing(lab);
  made.set(lab, editing);
  return editing;
}
