/**
 * The parts of the stage: the trees, the tasks, who waits for whom, and the disk. Each takes a
 * picture and paints it, and knows nothing of where the picture comes from.
 *
 * Invariants:
 * 1. What is in two pictures that follow each other keeps its element, so that it glides.
 * 2. Each drawing is said in words too.
 *
 * Left out: what is done with a choice.
 */
export { DiskPanel } from "./disk-panel.tsx";
export { TaskColumns } from "./task-columns.tsx";
export { TreeStage } from "./tree-stage.tsx";
export { WaitForGraph } from "./wait-for-graph.tsx";
