/**
 * Being alerted on this device (Web Push): asked of the browser, told to the hub. Fetched when needed;
 * what it needs of the first load is handed in, so that the first load is not cut up for it.
 */
type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** `unsupported`: this browser cannot, or not from this page; `denied`: somebody said no, only they can undo it. */
export type Alerted = "unsupported" | "denied" | "off" | "on";
export type Outcome = "sent" | "failed" | "gone" | "refused";

export const KEPT = "examroom.push";

interface Kept {
  person: string;
  id: string;
}

export function kept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function keep(value: Kept | null): void {
  try {
    if (value) localStorage.setItem(KEPT, JSON.stringify(value));
    else localStorage.removeItem(KEPT);
  } catch {
    // without storage it holds for this login
  }
}

async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return null;
  return (await navigator.serviceWorker.getRegistration()) ?? null;
}

export async function alerted(person: string): Promise<Alerted> {
  const registration = await worker();
  if (!registration) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscribed = await registration.pushManager.getSubscription().catch(() => null);
  return subscribed && Notification.permission === "granted" && kept()?.person === person ? "on" : "off";
}

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** The subscription for the key of this hub; one that was made for another is given up first. */
async function subscription(call: Call, registration: ServiceWorkerRegistration): Promise<PushSubscription> {
  const key = bytes((await call<{ key: string }>("GET", "/push/key")).key);
  const held = await registration.pushManager.getSubscription();
  const made = held?.options.applicationServerKey;
  if (held && made && String(new Uint8Array(made)) === String(key)) return held;
  await held?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function tell(call: Call, person: string, lang: string, subscribed: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscribed.toJSON();
  const platform = (navigator as { userAgentData?: { platform?: string } }).userAgentData?.platform ?? "";
  const { id } = await call<{ id: string }>("POST", "/push/subscriptions", { endpoint, keys, lang, label: platform });
  keep({ person, id });
}

/** Asks the browser where it must be asked. Throws `Refused` where the hub says no. */
export async function switchOn(call: Call, person: string, lang: string): Promise<Alerted> {
  const registration = await worker();
  if (!registration) return "unsupported";
  const said = Notification.permission === "default" ? await Notification.requestPermission() : Notification.permission;
  if (said !== "granted") return said === "denied" ? "denied" : "off";
  await tell(call, person, lang, await subscription(call, registration));
  return "on";
}

/** The same again for a new login on this device: a subscription ends with its session. */
export async function renew(call: Call, person: string, lang: string): Promise<void> {
  if ((await alerted(person)) === "on") await switchOn(call, person, lang);
}

export async function switchOff(call: Call): Promise<Alerted> {
  const before = kept();
  keep(null);
  const held = await (await worker())?.pushManager.getSubscription();
  await held?.unsubscribe();
  if (before) await call("DELETE", `/push/subscriptions/${encodeURIComponent(before.id)}`).catch(() => null); // gone is gone
  return "off";
}

export async function trial(call: Call): Promise<Outcome> {
  const id = kept()?.id ?? "";
  return (await call<{ outcome: Outcome }>("POST", `/push/subscriptions/${encodeURIComponent(id)}/test`, {})).outcome;
}
