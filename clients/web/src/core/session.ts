/** Whose page this is, kept so that what was read stays readable without a link. */
import { api } from "./api";
import type { Part, Person, Session } from "./types";

export const SESSION = "examroom.session";
/** Who logged out while the hub could not be told: their cookie would let the next one in. */
const LEFT = "examroom.left";

export const partOf = ({ id, role, site }: Person): Part => ({ person: id, role, site });

export function rememberSession(session: Session | null): void {
  try {
    if (session === null) localStorage.removeItem(SESSION);
    else {
      localStorage.setItem(SESSION, JSON.stringify(session));
      localStorage.removeItem(LEFT);
    }
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

/** Told now, or before anybody is let in again. */
export async function logOut(person: string): Promise<void> {
  try {
    localStorage.setItem(LEFT, person);
  } catch {
    // without storage it can only be told now
  }
  await api.logout();
  localStorage.removeItem(LEFT);
}

/** Whom the cookie names; whoever owes a logout is logged out first. */
export async function whoIsHere(): Promise<Session> {
  const session = await api.session();
  let left: string | null = null;
  try {
    left = localStorage.getItem(LEFT);
  } catch {
    // nothing was kept
  }
  if (left !== session.person.id) return session;
  await logOut(left);
  return api.session();
}
