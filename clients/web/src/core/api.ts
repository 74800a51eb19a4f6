/** The REST side: what is asked for once. Every failure comes as a `Refused` with its sentences. */
import { seriesOf, type Attributes } from "./dicom";
import { ofProblem, Refused, UNREACHABLE } from "./refusal";
import type { CommandKind, Config, Evt, ImageRefBody, Json, PersonFound, Role, RoomState, Row, Series, Session } from "./types";

const ROOT = "/api/v1";
const PATIENCE_MS = 8_000;

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await answered<T>(method, path, body)).held;
}

async function answered<T>(method: string, path: string, body?: unknown): Promise<{ held: T; headers: Headers }> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        accept: "application/json, application/dicom+json, application/problem+json",
        // a header that no form of another site can send
        "x-examroom": "1",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refused(UNREACHABLE);
  }
  const text = await response.text().catch(() => "");
  let held: unknown = null;
  try {
    held = text === "" ? null : JSON.parse(text);
  } catch {
    held = null;
  }
  if (!response.ok) {
    const refusal = ofProblem(response.status, held);
    const after = Number(response.headers.get("retry-after"));
    if (refusal.retry_after_ms === undefined && after > 0) refusal.retry_after_ms = after * 1000;
    throw new Refused(refusal);
  }
  return { held: held as T, headers: response.headers };
}

const query = (values: Record<string, string | number | undefined>): string => {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") asked.set(name, String(value));
  }
  const text = asked.toString();
  return text === "" ? "" : `?${text}`;
};

const of = (room: string): string => `/rooms/${encodeURIComponent(room)}`;

export const api = {
  config: () => call<Config>("GET", "/config"),
  session: () => call<Session>("GET", "/sessions/current"),
  login: (login: string, password: string, part?: { role: Role; site: string }) =>
    call<Session>("POST", "/sessions", { login, password, ...part }),
  logout: () => call<null>("DELETE", "/sessions"),
  ticket: async () => (await call<{ ticket: string }>("POST", "/tickets", {})).ticket,

  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = "";
    do {
      const page = await call<{ rooms: Row[]; next: string }>("GET", `/rooms${query({ cursor })}`);
      rows.push(...page.rooms);
      cursor = page.next;
    } while (cursor !== "" && rows.length < 2000);
    return rows;
  },

  submit: (cid: string, device: string, body: Json) =>
    call<{ room: string; seq: number; dup?: boolean }>("POST", "/rooms", { ...(body as object), cid, device }),

  publish: (room: string, pub: { cid: string; kind: CommandKind; body: Json; after?: number; device: string }) =>
    call<{ seq: number; dup?: boolean }>("POST", `${of(room)}/events`, pub),

  /** The state, and the epoch of the database that it comes from (W-13). */
  async state(room: string): Promise<{ state: RoomState; epoch: string }> {
    const { held, headers } = await answered<RoomState>("GET", of(room));
    return { state: held, epoch: headers.get("examroom-epoch") ?? "" };
  },

  async events(room: string, after: number, limit: number): Promise<Evt[]> {
    const page = await call<{ events: Evt[] } | Evt[]>("GET", `${of(room)}/events${query({ after, limit })}`);
    return Array.isArray(page) ? page : page.events;
  },

  people: async (q: string, role?: Role) =>
    (await call<{ people: PersonFound[] }>("GET", `/people${query({ q, role })}`)).people,

  async templates(modality: string, site: string): Promise<Record<string, unknown>[]> {
    const held = await call<Record<string, unknown>>("GET", `/library${query({ modality, site })}`);
    const list = Array.isArray(held) ? held : (Object.values(held).find(Array.isArray) ?? []);
    return list as Record<string, unknown>[];
  },

  onCall: () => call<Record<string, unknown>>("GET", "/on-call"),

  studies: (room: string) => call<Record<string, unknown>[]>("GET", `${of(room)}/dicomweb/studies`),

  async series(room: string, study: string): Promise<Series[]> {
    const path = `${of(room)}/dicomweb/studies/${encodeURIComponent(study)}`;
    const [series, instances] = await Promise.all([
      call<Attributes[]>("GET", `${path}/series`),
      call<Attributes[]>("GET", `${path}/instances`),
    ]);
    return seriesOf(series, instances);
  },
};

/** The picture of a reference, as the server renders it. Only DICOM UIDs and a window stand in it. */
export function imageUrl(room: string, ref: ImageRefBody, size?: { width: number; height: number }): string {
  let path = `${ROOT}${of(room)}/dicomweb/studies/${encodeURIComponent(ref.study_uid)}`;
  if (ref.series_uid) path += `/series/${encodeURIComponent(ref.series_uid)}`;
  if (ref.series_uid && ref.sop_uid) {
    path += `/instances/${encodeURIComponent(ref.sop_uid)}`;
    if (ref.frame) path += `/frames/${ref.frame}`;
  }
  const asked: string[] = []; // raw commas: DICOMweb servers want them so
  const voi = ref.viewport?.voi;
  if (voi) asked.push(`window=${voi.center},${voi.width},${(voi.function ?? "LINEAR").toLowerCase().replace("_", "-")}`);
  if (ref.viewport?.invert) asked.push("invert=1");
  if (size) asked.push(`viewport=${size.width},${size.height}`);
  return `${path}/rendered${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
}
