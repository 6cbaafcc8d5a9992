/** How long a browser may take to fetch a file that it was given by its address. */
const FETCHED_MS = 60_000;

/** A file to save: its name, its type if it is a text, and how it is made. */
export interface SavedFile {
  readonly name: string;
  readonly type: string;
  readonly make: () => string | Blob | Promise<string | Blob>;
}

/** Makes a file and has the browser save it. Gives what came of that, in one line. */
export async function save({ name, type, make }: SavedFile): Promise<string> {
  try {
    const made = await make();
    download(name, typeof made === "string" ? new Blob([made], { type }) : made);
    return `Saved ${name}.`;
  } catch (error) {
    return `Not saved: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), FETCHED_MS);
}
