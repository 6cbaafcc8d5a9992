/**
 * Hooks by which a file that the user hands over finds this very package under its name, wherever
 * the file lies: it runs inside this process, and a second copy of the package would not know the
 * first one's latches.
 */
interface Resolution {
  readonly parentURL?: string | undefined;
}

/** Resolves `latchwork` and its entries as if the package itself had asked for them. */
export function resolve<Context extends Resolution, Result>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Result,
): Result {
  const isOurs = specifier === "latchwork" || specifier.startsWith("latchwork/");
  return next(specifier, isOurs ? { ...context, parentURL: import.meta.url } : context);
}
