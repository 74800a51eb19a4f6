/** What the first load knows of alerts on this device: renew them at a login, follow a click on one. */
import { call, core } from "../core";
import { lang } from "../i18n";

/** Somebody is logged in: where they wanted to be alerted on this device, they still are. */
export function renewAlerts(person: string): void {
  try {
    if (!localStorage.getItem("examroom.push")?.includes(person)) return;
  } catch {
    return; // without storage nothing was kept
  }
  void import("./Account").then((account) => account.renew(call, person, lang.value)).catch(() => undefined); // at the next login, then
}

/**
 * The service worker asks whether a room is before somebody's eyes here, and says which one was asked
 * for by a click. Gives how to stop listening.
 */
export function answerWorker(): () => void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined; // none on plain http
  const follow = ({ data, ports }: MessageEvent<{ open?: string; looking?: string }>): void => {
    const route = core.route.value;
    ports[0]?.postMessage(document.hasFocus() && route.page === "room" && route.room === data.looking);
    if (typeof data.open === "string") core.go(data.open ? { page: "room", room: data.open } : { page: "worklist" });
  };
  workers?.addEventListener("message", follow);
  return () => workers?.removeEventListener("message", follow);
}
