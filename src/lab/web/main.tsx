import "./theme.css";
import "./levels/levels.css";
import "./shell/shell.css";
import "./edit/edit.css";
import "./find/find.css";
import "./stage/stage.css";
import "./export/export.css";
import { startPage } from "./start.tsx";
import { startWorker } from "./worker/index.ts";

/** The script of the page; a worker runs the same one, and has no document. */
if (typeof document === "undefined") startWorker();
else {
  const root = document.getElementById("lab");
  if (root !== null) startPage(root);
}
