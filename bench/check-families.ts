import { type EventType, type History, HistoryBuilder } from "../src/linearizability/index.ts";
import { createPrng } from "../src/task/index.ts";

/** The shape of a family of histories. Clients are always busy: think time is zero. */
export interface Family {
  readonly name: string;
  /** Chances of each operation, in percent. */
  readonly mix: Readonly<Record<string, number>>;
  /** Number of keys of a map; 0 for a register. */
  readonly keys: number;
  /** How many values there are to write; 0 if each write has its own. */
  readonly values: number;
  /** Operations in a thousand whose client crashes before the answer. */
  readonly crashed: number;
  /** Whether a read at 90 % is made impossible. */
  readonly isBroken: boolean;
  /** Whether answers carry the version that the operation made or saw. */
  readonly isVersioned?: boolean;
}

/** A family of registers without crashes or lies, but for what is said. */
export function familyOf(name: string, more: Partial<Family>): Family {
  return { name, mix: {}, keys: 0, values: 0, crashed: 0, isBroken: false, ...more };
}

const SMALL = { mix: { write: 25, cas: 25 }, values: 5 };

/** Few values, so that an answer does not show which write it saw. */
export const regSmall: Family = familyOf("reg-small", SMALL);
export const smallBad: Family = familyOf("reg-small-bad", { ...SMALL, isBroken: true });
/** Wrong, and so many operations in a thousand were never answered. */
export function badCrash(crashed: number): Family {
  return familyOf(`badcrash-${crashed}`, { ...SMALL, isBroken: true, crashed });
}
export const regWrites: Family = familyOf("reg-wheavy", { mix: { write: 90 } });
/** A map of 20 keys, looked at by scans. */
export const scans: Family = familyOf("kvscan20", {
  mix: { put: 30, cas: 10, delete: 5, scan: 5 },
  keys: 20,
  values: 5,
});

interface Client {
  process: number;
  f: string;
  key: string | null;
  input: unknown;
  answer: unknown;
  version: number;
  isDone: boolean;
  /** When it takes effect, then when it returns. */
  at: number;
  left: number;
}

const MEAN = 1000;

/**
 * Makes a history that is linearizable by construction, or broken on purpose: clients against a map
 * in memory, each operation taking effect at a random moment of its own.
 */
export function generate(
  family: Family,
  clients: number,
  operations: number,
  seed: number,
): History {
  return new Generator(family, clients, operations, seed).run();
}

class Generator {
  readonly #builder = new HistoryBuilder();
  readonly #contents = new Map<string, unknown>();
  readonly #recent: unknown[] = [null];
  readonly #prng;
  readonly #family: Family;
  readonly #operations: number;
  readonly #heap: Client[] = [];
  readonly #names: string[];
  #begun = 0;
  #processes: number;
  #lines = 0;
  #written = 0;
  #performed = 0;
  #isBroken = false;

  constructor(family: Family, clients: number, operations: number, seed: number) {
    this.#prng = createPrng(`${family.name} ${clients} ${operations} ${seed}`);
    this.#family = family;
    this.#operations = operations;
    this.#processes = clients;
    const count = Math.max(1, family.keys);
    this.#names = Array.from({ length: count }, (_, i) => `k${String(i).padStart(4, "0")}`);
    for (let process = 0; process < clients; process++) this.#begin(process, this.#duration());
  }

  run(): History {
    for (;;) {
      const client = this.#pop();
      if (client === undefined) return this.#builder.build();
      if (!client.isDone) {
        client.answer = this.#perform(client);
        client.version = ++this.#performed;
        client.isDone = true;
        client.at += client.left;
        this.#push(client);
      } else if (this.#prng.below(1000) < this.#family.crashed) {
        // Half of the crashed operations took effect, as far as a client could know.
        this.#emit("info", client, null);
        this.#begin(this.#processes++, client.at);
      } else {
        this.#emit("ok", client, this.#answerOf(client));
        this.#begin(client.process, client.at);
      }
    }
  }

  #begin(process: number, at: number): void {
    if (this.#begun === this.#operations) return;
    this.#begun++;
    const f = this.#drawName();
    const key = this.#family.keys === 0 || f === "scan" ? null : this.#drawKey();
    const first = this.#duration();
    const input = this.#drawInput(f, key);
    const client: Client = {
      process,
      f,
      key,
      input,
      answer: null,
      version: 0,
      isDone: false,
      at: at + first,
      left: this.#duration(),
    };
    this.#emit("invoke", client, input);
    this.#push(client);
  }

  #duration(): number {
    return -Math.log(1 - this.#prng.next()) * MEAN;
  }

  #drawName(): string {
    let left = this.#prng.below(100);
    for (const [name, chance] of Object.entries(this.#family.mix)) {
      if (left < chance) return name;
      left -= chance;
    }
    return this.#family.keys === 0 ? "read" : "get";
  }

  #drawKey(): string {
    return this.#names[this.#prng.below(this.#names.length)] ?? "";
  }

  #drawInput(f: string, key: string | null): unknown {
    if (f === "write" || f === "put") return this.#drawValue();
    if (f === "cas") return [this.#drawFrom(key), this.#drawValue()];
    if (f !== "scan") return null;
    const ends = [this.#drawKey(), this.#drawKey()].toSorted();
    return ends;
  }

  #drawValue(): unknown {
    return this.#family.values === 0 ? this.#written++ : this.#prng.below(this.#family.values);
  }

  /** What a cas expects: of few values any; of unique ones mostly what is there now. */
  #drawFrom(key: string | null): unknown {
    if (this.#family.values > 0) return this.#prng.below(this.#family.values);
    return this.#contents.get(key ?? "") ?? null;
  }

  #perform({ f, key, input }: Client): unknown {
    const name = key ?? "";
    const found = this.#contents.get(name) ?? null;
    switch (f) {
      case "write":
      case "put":
        this.#contents.set(name, input);
        return input;
      case "cas": {
        const [from, to] = input as [unknown, unknown];
        if (found !== from) return false;
        this.#contents.set(name, to);
        return true;
      }
      case "delete":
        return this.#contents.delete(name);
      case "scan": {
        const [low, high] = input as [string, string];
        return this.#names
          .filter((each) => low <= each && each <= high && this.#contents.has(each))
          .map((each) => [each, this.#contents.get(each)]);
      }
      default:
        this.#recent[this.#begun % 64] = found;
        return found;
    }
  }

  /** What a client gets: the truth, but for one read of a broken family. */
  #answerOf(client: Client): unknown {
    const isLate = this.#begun >= this.#operations * 0.9;
    const isRead = client.f === "read" || client.f === "get";
    if (!this.#family.isBroken || this.#isBroken || !isLate || !isRead) return client.answer;
    this.#isBroken = true;
    return this.#family.values === 0 ? this.#recent[(this.#begun + 1) % 64] : -1;
  }

  #emit(type: EventType, client: Client, value: unknown): void {
    const place = { file: this.#family.name, line: ++this.#lines };
    const { process, f, key, at } = client;
    const version = type === "ok" && this.#family.isVersioned === true ? client.version : null;
    this.#builder.add({ type, process: String(process), f, key, value, time: at, version, place });
  }

  /** Clients are few: the next one is found by looking at all. */
  #pop(): Client | undefined {
    let first = 0;
    for (let i = 1; i < this.#heap.length; i++) {
      if ((this.#heap[i]?.at ?? 0) < (this.#heap[first]?.at ?? 0)) first = i;
    }
    const [client] = this.#heap.splice(first, 1);
    return client;
  }

  #push(client: Client): void {
    this.#heap.push(client);
  }
}
