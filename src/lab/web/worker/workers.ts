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
  Reel,
} from "../../index.ts";
import { type Listener, openSandbox, openWorker } from "./endpoint.ts";
import { UNHEARD_OF } from "./heard.ts";
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
  /** Searches take long: hints and texts do not wait for them. */
  readonly #searches = new OrderClient({
    open: openWorker,
    silenceMsMax: null,
    onNews: () => {},
    onEnd: () => {},
  });
  #own: OwnClients | null = null;
  /** Counts what the reader's own code is changed for. */
  readonly #codes = signal(0);
  readonly #ownState = signal<OwnState>({ kind: "none" });
  readonly ownState: ReadonlySignal<OwnState> = this.#ownState;

  /** Carries out an order where it belongs: code that is not ours runs in its own frame. */
  do<O extends Order>(order: O, onPace?: (pace: Pace) => void): Doing<AnswerTo<O>> {
    const own = this.#isOwn(order.scenario) ? this.#own : null;
    const isSearch = order.kind === "hunt" || order.kind === "prove";
    const client = isSearch ? (own?.searches ?? this.#searches) : (own?.films ?? this.#ours);
    return client.do(order, onPace);
  }

  /**
   * Whose code a scenario is run by: null for the house, or a number that each own code gets. See
   * {@link isInUse}.
   */
  originOf(scenario: Scenario): number | null {
    if (this.#isOwn(scenario)) return this.#codes.value;
    return isOfTheHouse(scenario.protocol) ? null : GONE;
  }

  /** Whether a reader's own code, by its number, is still the one that is used. */
  isInUse(origin: number): boolean {
    return this.#ownState.value.kind === "ready" && origin === this.#codes.value;
  }

  /** Makes a film: at once, or for a protocol of the reader's own where that runs. */
  film(scenario: Scenario, script: FilmScript): Film | Promise<Film> {
    if (!this.#isOwn(scenario)) return film(scenario, script);
    return this.#ownFilm(scenario, script);
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
      const common = {
        open: (listener: Listener) => openSandbox(code, listener),
        silenceMsMax: SILENCE_MS_MAX,
      };
      const films = new OrderClient({
        ...common,
        onNews: (message) => {
          // It is asked once, and says it once.
          if (this.#own !== own || this.#ownState.value.kind !== "loading") return;
          const state = stateOf(message);
          settle(state);
          if (state.kind === "fault") this.#endOwn();
        },
        onEnd: (why) => {
          if (this.#own === own) settle({ kind: "fault", message: why, line: null });
        },
      });
      const searches = new OrderClient({ ...common, onNews: () => {}, onEnd: () => {} });
      const own: OwnClients = { films, searches };
      this.#own = own;
      films.start();
    });
  }

  /** Ends the reader's own code. */
  dropOwn(): void {
    this.#codes.value++;
    this.#endOwn();
    this.#ownState.value = { kind: "none" };
  }

  #endOwn(): void {
    const own = this.#own;
    this.#own = null;
    own?.films.end("It was replaced.");
    own?.searches.end("It was replaced.");
  }

  /** A film that code which is not ours has made: its pictures are made here, or it is refused. */
  async #ownFilm(scenario: Scenario, script: FilmScript): Promise<Film> {
    const own = this.#own;
    const made = await this.do({ kind: "film", scenario, script }).answer;
    try {
      const reel = new Reel(made, scenario);
      for (let stop = 0; stop < reel.length; stop++) reel.at(stop);
    } catch {
      own?.films.end(UNHEARD_OF);
      throw new Error(UNHEARD_OF);
    }
    return made;
  }

  #isOwn({ protocol, bug }: Scenario): boolean {
    const state = this.#ownState.value;
    return state.kind === "ready" && bug === null && state.names.includes(protocol);
  }
}

/** Those that run one code of a reader's own. */
interface OwnClients {
  readonly films: OrderClient;
  readonly searches: OrderClient;
}

function isOfTheHouse(protocol: string): boolean {
  return PROTOCOLS.some(({ name }) => name === protocol);
}

function stateOf(message: FromWorker): OwnState {
  // No code of anybody's may stand in for a protocol of the house.
  if (message.kind === "protocols" && !message.names.some(isOfTheHouse)) {
    return { kind: "ready", names: message.names };
  }
  const [why, line] =
    message.kind === "refused" ? [message.message, message.line] : [UNHEARD_OF, null];
  return { kind: "fault", message: why, line };
}

/** Those of this page. */
export const workers: Workers = new Workers();
