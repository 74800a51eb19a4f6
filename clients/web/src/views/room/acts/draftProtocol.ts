/** A protocol being written: from a template, from the version in force, or empty; and its body. Pure. */
import type { CommandBodies, RoomState, Template } from "../../../core";
import type { Protocol } from "../diff";

export type ProtocolBody = CommandBodies["protocol.issue"];
export type SeriesBody = ProtocolBody["series"][number];
export type ContrastBody = NonNullable<ProtocolBody["contrast"]>;

export const EMPTY_SERIES: SeriesBody = { n: 1, name: "", phase: "" };
export const EMPTY_CONTRAST: ContrastBody = { agent: "" };

/** The next version, by the room. */
export const nextVersion = (state: RoomState): number => (state.protocol?.protocol.version ?? 0) + 1;

/** Start from the version in force (amend) or from what was asked for (issue). */
export function startOf(state: RoomState, amend: boolean): ProtocolBody {
  if (amend && state.protocol) return { ...state.protocol.protocol, version: nextVersion(state), overrides: [...state.protocol.protocol.overrides] };
  const request = state.request;
  return {
    version: nextVersion(state), modality: request?.modality_wanted ?? "CT", regions: [...(request?.region ?? [])],
    series: [EMPTY_SERIES], overrides: [],
  };
}

export interface Offered {
  code: string;
  name: { fr: string; en: string };
  note: { fr: string; en: string } | null;
  example: boolean;
  regions: string[];
  protocol: Omit<ProtocolBody, "version">;
}

/** The templates as the library sends them; what is no template is left out. */
export function offered(templates: readonly Template[]): Offered[] {
  const found: Offered[] = [];
  for (const one of templates) {
    const name = one.name as Offered["name"] | undefined;
    const protocol = one.protocol as Offered["protocol"] | undefined;
    if (typeof one.code !== "string" || !name?.fr || !protocol?.series) continue;
    found.push({ code: one.code, name, note: (one.note as Offered["note"]) ?? null, example: one.example !== false, regions: (one.regions as string[]) ?? protocol.regions, protocol });
  }
  return found;
}

/** Templates that cover the regions asked for come first. */
export function ranked(templates: readonly Offered[], regions: readonly string[]): Offered[] {
  const score = (one: Offered): number => one.regions.filter((region) => regions.includes(region)).length * 2 - Math.abs(one.regions.length - regions.length);
  return [...templates].sort((a, b) => score(b) - score(a));
}

/** A template put over what is written; version and overrides stay. */
export function withTemplate(body: ProtocolBody, template: Offered): ProtocolBody {
  return { ...template.protocol, version: body.version, overrides: body.overrides, template: template.code };
}

/** Series numbered from 1 in their order. */
export function renumbered(series: readonly SeriesBody[]): SeriesBody[] {
  return series.map((one, i) => ({ ...one, n: i + 1 }));
}

export type EditProblem = "regions" | "series" | "names" | "agent" | "reasons";

/** What keeps the protocol from being sent. */
export function problemsOf(body: ProtocolBody): EditProblem[] {
  const found: EditProblem[] = [];
  if (!body.regions.length) found.push("regions");
  if (!body.series.length) found.push("series");
  if (body.series.some((one) => !one.name.trim() || !one.phase.trim())) found.push("names");
  if (body.contrast && !body.contrast.agent.trim()) found.push("agent");
  if (body.overrides?.some((one) => one.reason.trim().length < 3)) found.push("reasons");
  return found;
}

/** For the comparison with the version in force. */
export const asProtocol = (body: ProtocolBody): Partial<Protocol> => body as Partial<Protocol>;
