/** Whose page this is, kept so that what was read stays readable without a link. */
import type { Part, Person, Session } from "./types";

export const SESSION = "examroom.session";

export const partOf = ({ id, role, site }: Person): Part => ({ person: id, role, site });

export function rememberSession(session: Session | null): void {
  try {
    if (session === null) localStorage.removeItem(SESSION);
    else localStorage.setItem(SESSION, JSON.stringify(session));
  } catch {
    // without storage a page opened without a link shows the login page
  }
}

export function remembered(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(SESSION) ?? "null") as Session | null;
  } catch {
    return null;
  }
}
