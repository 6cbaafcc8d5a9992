/**
 * What can be taken out of the lab as files: drawings, the story as a page or as text, the run for
 * the command line, its trace.
 *
 * Invariants:
 * 1. Files are made in the page; nothing is sent anywhere.
 * 2. What is in them is what the command line writes of the same run.
 *
 * Left out: how the files are made, which is the room export's.
 */
export { ExportPanel } from "./export-panel.tsx";
