/** The formats of Intl, each made once: to make one costs a hundred times what it costs to use it. */
const made = new Map<string, unknown>();

export function format<F, O>(kind: new (language: string, options: O) => F, language: string, options: O): F {
  const key = kind.name + language + JSON.stringify(options);
  let one = made.get(key) as F | undefined;
  if (one === undefined) made.set(key, (one = new kind(language, options)));
  return one;
}
