import { Crabbing } from "../../btree/index.ts";
import { lsn, type Lsn, PageFrame, PageRedo } from "../../storage/index.ts";
import type { Host, Task } from "../../task/index.ts";
import { Log, type LogParts, type PageChange } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class AppendedAfterUnlatching extends Log {
  readonly #host: Host;
  readonly #kept: Map<Lsn, readonly PageChange[]> = new Map();
  readonly #positions: Map<Lsn, Lsn> = new Map();

  constructor(parts: LogParts) {
    super(parts);
    this.#host = parts.host;
  }

  /** Only keeps the group; its position is not drawn yet, and a ticket stands for it. */
  override append(changes: readonly PageChange[]): Lsn {
    const ticket = lsn(this.endLsn + this.#kept.size + 1);
    this.#kept.set(ticket, changes.map(copyOf));
    return ticket;
  }

  override *waitDurable(position: Lsn): Task<void> {
    // The bug: the latches are released by now, so the log's order need not be that of the changes.
    yield this.#host.sleep(0);
    yield* super.waitDurable(this.#positionOf(position));
  }

  override flushTo(position: Lsn): Task<void> {
    return super.flushTo(this.#positionOf(position));
  }

  #positionOf(ticket: Lsn): Lsn {
    const changes = this.#kept.get(ticket);
    if (changes === undefined) return this.#positions.get(ticket) ?? ticket;
    this.#kept.delete(ticket);
    const position = super.append(changes);
    this.#positions.set(ticket, position);
    return position;
  }
}

function copyOf({ id, page, unusedFrom, unusedTo }: PageChange): PageChange {
  const { bytes } = page;
  const copy = new PageFrame(new ArrayBuffer(bytes.length), 0, bytes.length);
  copy.bytes.set(bytes);
  const redo = new PageRedo();
  redo.whole();
  return { id, page: copy, redo, unusedFrom, unusedTo };
}

export const W4: Bug = {
  id: "W4",
  kind: "bug",
  protocol: "crabbing",
  title: "a change is appended to the log after its latches were released",
  explanation:
    "To hold latches for a shorter time, a writer notes its change, releases the page and " +
    "then goes to the log. Another writer changes the same page and reaches the log first. In " +
    "memory one change came last, in the log the other, and redo believes the log.",
  provenance: "why ARIES draws and stamps the LSN while the page is latched",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10=1 then get 10\ntask put 10=3\ncrashes 1\n" +
    "reads durable\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new AppendedAfterUnlatching(parts) }),
};
