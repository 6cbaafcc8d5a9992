import "./theme.css";
import "./shell/shell.css";
import { startPage } from "./start.tsx";

/** The script of the page; a worker runs the same one, and has no document. */
if (typeof document !== "undefined") {
  const root = document.getElementById("lab");
  if (root !== null) startPage(root);
}
