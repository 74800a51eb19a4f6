/** The pruning of bodies undone: what was left out because it was empty stands there again. */
import { EVENT_CLASS, SHAPES } from "../generated/wire";

type Held = Record<string, any>;

function blank(what: unknown): unknown {
  if (Array.isArray(what)) return [...what];
  if (typeof what !== "object" || what === null) return what;
  const name = (what as { $?: string }).$;
  return name === undefined ? {} : restore(name, {});
}

/** `body` as a whole `name`: every field there, in and below it. */
export function restore(name: string, body: Held): Held {
  const whole: Held = {};
  for (const [field, { is, of }] of Object.entries(SHAPES[name] ?? {})) {
    const said = body[field];
    if (said === undefined) whole[field] = blank(is);
    else if (of === undefined || said === null) whole[field] = said;
    else whole[field] = Array.isArray(said) ? said.map((one) => restore(of, one)) : restore(of, said);
  }
  return whole;
}

/** The body of an event of `kind`, whole; as it came where the kind is newer than this client. */
export function whole(kind: string, body: Held): Held {
  const name = EVENT_CLASS[kind];
  return name === undefined ? body : restore(name, body);
}

/** Only the fields of `name`, as the state holds them. */
export function bare<T>(name: string, held: Held): T {
  const fields = Object.keys(SHAPES[name] ?? {});
  return Object.fromEntries(fields.map((field) => [field, held[field]])) as T;
}
