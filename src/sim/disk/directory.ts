import type { FileBody } from "./file-body.ts";

/** A file got a name, another name, or lost one. */
export interface NameChange {
  readonly order: number;
  readonly kind: "create" | "rename" | "remove";
  readonly body: FileBody;
  /** The name that is taken away, or null. */
  readonly from: string | null;
  /** The name that is given, or null. */
  readonly to: string | null;
  /** A sync that failed has marked it clean, so that no later one makes it durable. */
  readonly isSkipped: boolean;
}

type Names = ReadonlyMap<string, FileBody>;

/** A directory's state as it is saved. */
export interface SavedDirectory {
  readonly live: Names;
  readonly durable: Names;
  readonly changes: readonly NameChange[];
}

/**
 * Which names there are, which are durable, and the changes in between.
 *
 * Of the changes that no sync has made durable any subset survives a crash, each as a whole, and
 * what survives takes effect in order. ext4 and XFS promise more (their journal keeps a prefix of
 * the changes), but not to every caller on every mount, and code that is right here is right there.
 * A rename is one change: afterwards the new name means the old file or the renamed one, and is
 * never missing if it was there before.
 */
export class Directory {
  #live = new Map<string, FileBody>();
  #durable: Map<string, FileBody> = new Map();
  #changes: NameChange[] = [];

  get changes(): readonly NameChange[] {
    return this.#changes;
  }

  get names(): Names {
    return this.#live;
  }

  get durableNames(): Names {
    return this.#durable;
  }

  /** Gives a file a name that is durable at once. */
  put(name: string, body: FileBody): void {
    this.#live.set(name, body);
    this.#durable.set(name, body);
  }

  change(change: Omit<NameChange, "isSkipped">): void {
    const noted = { ...change, isSkipped: false };
    apply(this.#live, noted);
    this.#changes.push(noted);
  }

  sync(): void {
    const written = this.#changes.filter((change) => !change.isSkipped);
    for (const change of written) apply(this.#durable, change);
    // What was skipped stays in doubt, unless a newer change of its names is durable now.
    this.#changes = this.#changes.filter(
      (skipped) =>
        skipped.isSkipped &&
        !written.some((change) => change.order > skipped.order && touchSameName(change, skipped)),
    );
  }

  failSync(): void {
    this.#changes = this.#changes.map((change) => ({ ...change, isSkipped: true }));
  }

  /** The names if just these changes survive a crash. */
  after(survivors: readonly NameChange[]): Map<string, FileBody> {
    const names = new Map(this.#durable);
    for (const change of survivors) apply(names, change);
    return names;
  }

  /** Makes the names what survived of them, all durable. */
  settle(names: Names): void {
    this.#live = new Map(names);
    this.#durable = new Map(names);
    this.#changes = [];
  }

  save(): SavedDirectory {
    return {
      live: new Map(this.#live),
      durable: new Map(this.#durable),
      changes: [...this.#changes],
    };
  }

  restore({ live, durable, changes }: SavedDirectory): void {
    this.#live = new Map(live);
    this.#durable = new Map(durable);
    this.#changes = [...changes];
  }
}

function apply(names: Map<string, FileBody>, { body, from, to }: NameChange): void {
  // A name that means another file by now was taken away and given anew.
  if (from !== null && names.get(from) === body) names.delete(from);
  if (to !== null) names.set(to, body);
}

function touchSameName(a: NameChange, b: NameChange): boolean {
  const names = [b.from, b.to];
  return [a.from, a.to].some((name) => name !== null && names.includes(name));
}
