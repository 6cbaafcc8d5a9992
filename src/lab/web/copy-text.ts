/** Copies a text, and gives what is to be said of it. */
export async function copyText(name: string, text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return `${name} copied.`;
  } catch {
    return "This browser does not let a page copy here: select the text and copy it by hand.";
  }
}
