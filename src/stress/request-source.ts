import type { Prng } from "../task/index.ts";
import { drawKind, type RequestKind } from "./mix.ts";
import type { PlannedRequest } from "./planned-request.ts";
import type { StressSettings } from "./stress-options.ts";
import {
  batchRequest,
  deleteRequest,
  getRequest,
  insertRequest,
  putRequest,
  scanRequest,
  type TableKey,
} from "./table-requests.ts";
import { valueName } from "./value-body.ts";

/** Most keys that a scan covers; and most writes of a batch. */
const SCAN_KEYS_MAX = 16;
const BATCH_WRITES_MAX = 4;
/** Of so many writes in a batch one is a delete. */
const BATCH_DELETE_EVERY = 4;

/** The name of a key: of equal length, so that order by number is order by bytes. */
export function keyName(number: number): string {
  return `k${String(number).padStart(9, "0")}`;
}

/** Draws the requests of one client. Never gives a value a name twice. */
export class RequestSource {
  readonly #settings: StressSettings;
  readonly #run: number;
  readonly #client: number;
  readonly #prng: Prng;
  #values = 0;

  /** @param run The number of the run; see {@link valueName}. */
  constructor(settings: StressSettings, run: number, client: number, prng: Prng) {
    this.#settings = settings;
    this.#run = run;
    this.#client = client;
    this.#prng = prng;
  }

  next(): PlannedRequest {
    return this.#draw(drawKind(this.#settings.mix, this.#prng));
  }

  #draw(kind: RequestKind): PlannedRequest {
    switch (kind) {
      case "get":
        return getRequest(this.#key());
      case "put":
        return putRequest(this.#key(), this.#value());
      case "insert":
        return insertRequest(this.#key(), this.#value());
      case "delete":
        return deleteRequest(this.#key());
      case "scan":
        return this.#scan();
      case "batch":
        return this.#batch();
    }
  }

  #scan(): PlannedRequest {
    const { keys } = this.#settings;
    const low = this.#prng.below(keys);
    const high = Math.min(keys - 1, low + this.#prng.below(SCAN_KEYS_MAX));
    return scanRequest(this.#table(), keyName(low), keyName(high));
  }

  /** A batch of different keys: what several writes of one key mean together is another matter. */
  #batch(): PlannedRequest {
    const count = 1 + this.#prng.below(BATCH_WRITES_MAX);
    const numbers = new Set(Array.from({ length: count }, () => this.#number()));
    return batchRequest(
      this.#table(),
      [...numbers].map((number) => {
        const isDelete = this.#prng.below(BATCH_DELETE_EVERY) === 0;
        return [keyName(number), isDelete ? null : this.#value()];
      }),
    );
  }

  #key(): TableKey {
    return { table: this.#table(), key: keyName(this.#number()) };
  }

  #table(): string {
    const { tables } = this.#settings;
    return tables[this.#prng.below(tables.length)] ?? "";
  }

  #number(): number {
    return this.#prng.below(this.#settings.keys);
  }

  #value(): string {
    return valueName(this.#run, this.#client, this.#values++, this.#settings.valueBytes);
  }
}
