/** Addresses of the pages. Nothing about a patient ever stands in one. */
import { signal } from "@preact/signals";
import type { Route } from "./types";

const PLAIN = ["login", "new", "board", "account"] as const;

export function parse(path: string): Route {
  const [first = "", second = ""] = path.split("/").filter(Boolean);
  if (first === "") return { page: "worklist" };
  if (first === "room" && second !== "") return { page: "room", room: decodeURIComponent(second) };
  const plain = PLAIN.find((page) => page === first);
  return plain !== undefined ? { page: plain } : { page: "unknown", path };
}

export function href(route: Route): string {
  if (route.page === "worklist") return "/";
  if (route.page === "room") return `/room/${encodeURIComponent(route.room)}`;
  return route.page === "unknown" ? route.path : `/${route.page}`;
}

export const route = signal<Route>({ page: "worklist" });

const read = (): void => {
  route.value = parse(location.pathname);
};

export function go(to: Route): void {
  if (href(to) !== location.pathname) history.pushState(null, "", href(to));
  route.value = to;
}

/** A plain click on a link of ours stays in the page. */
function onClick(event: MouseEvent): void {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || modified) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const to = parse(new URL(link.href).pathname);
  if (new URL(link.href).origin !== location.origin || to.page === "unknown") return;
  event.preventDefault();
  go(to);
}

export function startRouter(): void {
  addEventListener("popstate", read);
  document.addEventListener("click", onClick);
  read();
}

export function stopRouter(): void {
  removeEventListener("popstate", read);
  document.removeEventListener("click", onClick);
}
