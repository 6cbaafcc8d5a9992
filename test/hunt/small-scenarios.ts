import { readFileSync } from "node:fs";
import { parseScenario, type Scenario } from "../../src/hunt/index.ts";

/** Trees of pages with at most two entries, on which one operation changes the structure. */
interface Small {
  /** The leaves of each tree; null for an empty one. */
  readonly trees: Readonly<Record<string, string | null>>;
  readonly groups: readonly {
    /** What happens in its scenarios. */
    readonly what: string;
    readonly crashes?: number;
    /** A tree, and the operation of each task. */
    readonly cases: readonly (readonly [tree: string, tasks: readonly string[]])[];
  }[];
}

const path = new URL("small-scenarios.json", import.meta.url);
const { trees, groups } = JSON.parse(readFileSync(path, "utf8")) as Small;

/** A name and a scenario without a protocol. */
export type NamedScenario = readonly [name: string, scenario: Scenario];

function scenariosWhere(isOnDisk: boolean): readonly NamedScenario[] {
  return groups
    .filter(({ crashes }) => (crashes !== undefined) === isOnDisk)
    .flatMap(({ crashes, cases }) =>
      cases.map(([tree, tasks]): NamedScenario => {
        const built = trees[tree] ?? null;
        const lines = [
          "capacity 2",
          ...(built === null ? [] : [`tree ${built}`]),
          ...tasks.map((task) => `task ${task}`),
          ...(crashes === undefined ? [] : [`crashes ${crashes}`]),
          "",
        ];
        return [`${tree}: ${tasks.join(", ")}`, parseScenario(lines.join("\n")).scenario];
      }),
    );
}

/** Those in memory. */
export const SMALL_SCENARIOS: readonly NamedScenario[] = scenariosWhere(false);
/** Those on a disk that crashes once. */
export const SMALL_DURABLE_SCENARIOS: readonly NamedScenario[] = scenariosWhere(true);
