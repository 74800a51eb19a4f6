/** Refusals: those of the hub, and those that this client must say by itself. */
import type { Refusal } from "./types";
import type { Err } from "./wire";

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.slug);
  }
}

export const UNREACHABLE: Refusal = {
  code: 0,
  slug: "unreachable",
  fr: "Le serveur ne répond pas. Réessayez, ou appelez.",
  en: "The server does not answer. Try again, or phone.",
  retry: true,
};

/** Nobody is logged in on this page. */
export const NOBODY: Refusal = {
  code: 401,
  slug: "not_authenticated",
  fr: "Connectez-vous d'abord.",
  en: "Sign in first.",
  retry: false,
};

/** Mine, but given in another role or for another site than this session's. */
export const OTHER_PART: Refusal = {
  code: 0,
  slug: "other_part",
  fr: "Donné dans un autre rôle ou pour un autre site : part quand vous vous y reconnectez.",
  en: "Given in another role or for another site: it goes when you sign in there again.",
  retry: false,
};

/** "FR / EN" in one string, where a hub sent no separate sentences. */
function halves(detail: string): [string, string] {
  const [fr, en] = detail.split(" / ", 2);
  return [fr ?? detail, en ?? fr ?? detail];
}

export function ofErr(err: Err): Refusal {
  const [fr, en] = halves(err.detail ?? err.slug);
  const refusal: Refusal = { code: err.code, slug: err.slug, fr: err.fr ?? fr, en: err.en ?? en, retry: err.retry };
  if (err.retry_after_ms !== undefined) refusal.retry_after_ms = err.retry_after_ms;
  if (err.seq !== undefined) refusal.seq = err.seq;
  return refusal;
}

/** An `application/problem+json` (RFC 9457), or whatever a proxy put in its place. */
export function ofProblem(status: number, held: unknown): Refusal {
  const problem = (typeof held === "object" && held !== null ? held : {}) as Record<string, unknown>;
  const text = (name: string): string | undefined =>
    typeof problem[name] === "string" ? (problem[name] as string) : undefined;
  const slug = text("code") ?? text("slug") ?? (status >= 500 ? "overloaded" : "refused");
  const [fr, en] = halves(text("detail") ?? text("title") ?? "Refusé par le serveur. / Refused by the server.");
  const refusal: Refusal = {
    code: status,
    slug,
    fr: text("fr") ?? fr,
    en: text("en") ?? en,
    retry: typeof problem.retry === "boolean" ? problem.retry : status >= 500 || status === 429,
  };
  if (typeof problem.retry_after_ms === "number") refusal.retry_after_ms = problem.retry_after_ms;
  if (typeof problem.seq === "number") refusal.seq = problem.seq;
  return refusal;
}
