import { SharePanel } from "./address/index.ts";
import { ComparePanel } from "./compare/index.ts";
import { EditPanel } from "./edit/index.ts";
import { ExportPanel } from "./export/index.ts";
import { FindPanel } from "./find/index.ts";
import { LevelsPanel } from "./levels/index.ts";
import type { Tab } from "./shell/index.ts";

/** The panels, in the order of their tabs. */
export const TABS: readonly Tab[] = [
  { id: "levels", title: "Levels", Panel: LevelsPanel },
  { id: "find", title: "Find", Panel: FindPanel },
  { id: "edit", title: "Edit", Panel: EditPanel },
  { id: "compare", title: "Compare", Panel: ComparePanel },
  { id: "share", title: "Share", Panel: SharePanel },
  { id: "export", title: "Export", Panel: ExportPanel },
];
