export { SECTOR_BYTES } from "./sectors.js";
export { SimDisk } from "./sim-disk.js";
