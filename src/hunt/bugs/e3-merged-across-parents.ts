import { BLink } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class TakesThemForSiblings extends BLink {
  protected override areSiblings(): boolean {
    return true; // The bug: they were when it came down, and the parent may have been split since.
  }
}

export const E3: Bug = {
  id: "E3",
  kind: "bug",
  protocol: "b-link",
  title: "a merge does not ask again whether both pages have the same parent",
  explanation:
    "They had when it came down. The parent has been split between the two, so the page that " +
    "is merged away has its downlink in another page than the one that it is looked for in.",
  provenance:
    "PostgreSQL efada2b8e9: the parent is split after the check that a page is not its last child",
  preemptions: 1,
  scenario: "capacity 3\ntree [10][20][30,31,32]\ntask delete 20\ntask insert 33\n",
  make: () => new TakesThemForSiblings(),
};
