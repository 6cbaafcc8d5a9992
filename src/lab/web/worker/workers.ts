import { type ReadonlySignal, signal } from "@preact/signals";
import { PROTOCOLS } from "../../../btree/index.ts";
import type { Scenario } from "../../../hunt/index.ts";
import {
  type AnswerTo,
  film,
  type Film,
  type FilmScript,
  type FromWorker,
  type Order,
  type Pace,
} from "../../index.ts";
import { openSandbox, openWorker } from "./endpoint.ts";
import { type Doing, OrderClient } from "./order-client.ts";

/** How it stands with the reader's own protocols. */
export type OwnState =
  | { readonly kind: "none" }
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly names: readonly string[] }
  | { readonly kind: "fault"; readonly message: string; readonly line: number | null };

/** The number of an own code that nobody knows any more. */
const GONE = -1;
/** How long a reader's own code may run without a word: a slow machine shrinks for seconds. */
const SILENCE_MS_MAX = 10_000;

/** All the workers of a page, and who is to carry out what. */
export class Workers {
  readonly #ours = new OrderClient({
    open: openWorker,
    silenceMsMax: null,
    onNews: () => {},
    onEnd: () => {},
  });
  #own: OrderClient | null = null;
  /** Counts what the reader's own code is changed for. */
  readonly #codes = signal(0);
  readonly #ownState = signal<OwnState>({ kind: "none" });
  readonly ownState: ReadonlySignal<OwnState> = this.#ownState;

  /** Carries out an order where it belongs: code that is not ours runs in its own frame. */
  do<O extends Order>(order: O, onPace?: (pace: Pace) => void): Doing<AnswerTo<O>> {
    const own = this.#isOwn(order.scenario) ? this.#own : null;
    return (own ?? this.#ours).do(order, onPace);
  }

  /**
   * Whose code a scenario is run by: null for the house, or a number that each own code gets. See
   * {@link isInUse}.
   */
  originOf(scenario: Scenario): number | null {
    if (this.#isOwn(scenario)) return this.#codes.value;
    return PROTOCOLS.some(({ name }) => name === scenario.protocol) ? null : GONE;
  }

  /** Whether a reader's own code, by its number, is still the one that is used. */
  isInUse(origin: number): boolean {
    return this.#ownState.value.kind === "ready" && origin === this.#codes.value;
  }

  /** Makes a film: at once, or for a protocol of the reader's own where that runs. */
  film(scenario: Scenario, script: FilmScript): Film | Promise<Film> {
    if (!this.#isOwn(scenario)) return film(scenario, script);
    return this.do({ kind: "film", scenario, script }).answer;
  }

  /** Runs the reader's own code in a frame of its own, in the place of what was there before. */
  async useOwn(code: string): Promise<OwnState> {
    this.dropOwn();
    this.#ownState.value = { kind: "loading" };
    return await new Promise((resolve) => {
      const settle = (state: OwnState): void => {
        this.#ownState.value = state;
        resolve(state);
      };
      const own = new OrderClient({
        open: (listener) => openSandbox(code, listener),
        silenceMsMax: SILENCE_MS_MAX,
        onNews: (message) => settle(stateOf(message)),
        onEnd: (why) => {
          if (this.#own === own) settle({ kind: "fault", message: why, line: null });
        },
      });
      this.#own = own;
      own.start();
    });
  }

  /** Ends the reader's own code. */
  dropOwn(): void {
    const own = this.#own;
    this.#own = null;
    this.#codes.value++;
    own?.end("It was replaced.");
    this.#ownState.value = { kind: "none" };
  }

  #isOwn({ protocol, bug }: Scenario): boolean {
    const state = this.#ownState.value;
    return state.kind === "ready" && bug === null && state.names.includes(protocol);
  }
}

const UNHEARD_OF = "Its worker says what this page does not understand.";

function stateOf(message: FromWorker): OwnState {
  if (message.kind === "protocols") return { kind: "ready", names: message.names };
  const [why, line] =
    message.kind === "refused" ? [message.message, message.line] : [UNHEARD_OF, null];
  return { kind: "fault", message: why, line };
}

/** Those of this page. */
export const workers: Workers = new Workers();
