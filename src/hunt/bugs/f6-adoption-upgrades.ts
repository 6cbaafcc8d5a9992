import { atKey, childAt, childIndexFor, Foster, type Operation } from "../../btree/index.ts";
import { levelOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class AdoptionUpgrades extends Foster {
  protected override *adopt(op: Operation, key: Uint8Array, level: number): Task<void> {
    const found = yield* this.descend(op, atKey(key), level + 1);
    if (levelOf(found) <= level) {
      found.release();
      return yield* super.adopt(op, key, level);
    }
    const parent = op.upgrade(found, "parent");
    if (parent.pending) yield parent; // The bug: another may wait likewise.
    const page = op.exclusive(childAt(parent, childIndexFor(parent, key)), "foster parent");
    if (page.pending) yield page;
    if (this.toBeAdoptedFrom(page, page) !== undefined) this.adoptInto(op, parent, page);
    op.releaseAll();
  }
}

export const F6: Bug = {
  id: "F6",
  kind: "bug",
  protocol: "foster",
  title: "an adoption upgrades the latch of the parent, and waits for that",
  explanation:
    "Two that adopt both hold the parent in shared mode, and each waits for the other to let " +
    "go.",
  provenance:
    "why Zero's _sx_opportunistic_adopt_foster upgrades only conditionally, and gives the " +
    "adoption up if that is refused",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][40]\ntask insert 15 then delete 5\ntask delete 5\n",
  make: () => new AdoptionUpgrades(),
};
