import { SharePanel } from "./address/index.ts";
import { ComparePanel } from "./compare/index.ts";
import { ExportPanel } from "./export/index.ts";
import type { Tab } from "./shell/index.ts";

/** The panels, in the order of their tabs. */
export const TABS: readonly Tab[] = [
  { id: "compare", title: "Compare", Panel: ComparePanel },
  { id: "share", title: "Share", Panel: SharePanel },
  { id: "export", title: "Export", Panel: ExportPanel },
];
