/** Every event as one plain sentence, for its card and for those who hear the screen. */
import { isKind, type Evt, type RoomState } from "../../core";
import { t, tMaybe } from "../../i18n";
import { hour } from "../../i18n/time";
import { counted, findings } from "./findings";
import { clockWord, modality, quickWord, regions, role } from "../words";

/** The name of a person, as the event or the room knows it. */
export function nameOf(evt: Evt, state: RoomState | null): string {
  return evt.from.name || state?.members[evt.from.person]?.name || role(evt.from.role);
}

export function memberName(person: string, state: RoomState | null): string {
  return state?.members[person]?.name || person;
}

export function sentence(evt: Evt, state: RoomState | null): string {
  const name = nameOf(evt, state);
  const at = hour(evt.at);
  if (isKind(evt, "request.submitted"))
    return t("said.request.submitted", { name, what: `${modality(evt.body.modality_wanted)} ${regions(evt.body.region)}`, urgency: evt.body.urgency });
  if (isKind(evt, "case.claimed"))
    return evt.body.from_person
      ? t("said.case.taken_over", { name, at, from: memberName(evt.body.from_person, state) })
      : t("said.case.claimed", { name, at });
  if (isKind(evt, "case.reassigned")) return t("said.case.reassigned", { name, to: evt.body.name || memberName(evt.body.to, state) });
  if (isKind(evt, "justification.decided")) return t(`said.justification.${evt.body.decision as "accept" | "substitute" | "refuse"}`, { name });
  if (isKind(evt, "protocol.issued") || isKind(evt, "protocol.amended")) return prescribed(evt, name, state);
  if (isKind(evt, "protocol.acknowledged")) return t("said.protocol.acknowledged", { name, version: evt.body.version, at });
  if (isKind(evt, "checklist.completed")) {
    const count = counted(findings(evt.body));
    if (count) return t("said.checklist.found", { name, count });
  }
  if (isKind(evt, "quick.replied")) return quickWord(evt.body.code);
  if (isKind(evt, "message.posted")) return evt.body.text;
  if (isKind(evt, "member.invited")) return t("said.member.invited", { name, who: evt.body.name || memberName(evt.body.person, state) });
  if (isKind(evt, "member.removed")) return t("said.member.removed", { name, who: memberName(evt.body.person, state) });
  if (isKind(evt, "incident.opened")) return t("said.incident.opened", { name, category: tMaybe(`incident.${evt.body.category}`, evt.body.category) });
  if (isKind(evt, "reading.started") && evt.body.from_name) return t("said.reading.taken_over", { name, at, from: evt.body.from_name });
  if (isKind(evt, "critical.raised")) return t("said.critical.raised", { name, at, category: evt.body.category });
  if (isKind(evt, "critical.acknowledged")) return t("said.critical.acknowledged", { name, who: evt.body.name, at: hour(evt.body.received_at) });
  if (isKind(evt, "handover.offered")) return t("said.handover.offered", { name, to: evt.body.name || memberName(evt.body.to, state) });
  if (isKind(evt, "deadline.predicted")) return t("said.deadline.predicted", { clock: clockWord(evt.body.clock), at: hour(evt.body.limit_at) });
  if (isKind(evt, "deadline.passed")) return t("said.deadline.passed", { clock: clockWord(evt.body.clock), at: hour(evt.body.limit_at) });
  const known = tMaybe(`said.${evt.kind}`, "");
  return known ? known.replace("{name}", name).replace("{at}", at) : evt.kind;
}

/** A version says what has become of it: to be confirmed, confirmed, or no longer the one to follow. */
function prescribed(evt: Evt<"protocol.issued"> | Evt<"protocol.amended">, name: string, state: RoomState | null): string {
  const { version } = evt.body;
  const now = state?.protocol?.protocol.version ?? version;
  if (now > version) return t("said.protocol.superseded", { version, now });
  const confirmed = state?.acknowledgement?.version === version;
  if (evt.kind === "protocol.issued") return t(confirmed ? "said.protocol.issued_confirmed" : "said.protocol.issued", { name, version });
  return t(confirmed ? "said.protocol.confirmed" : "said.protocol.amended", { version, before: version - 1 });
}

/** A protocol that another version replaced: nothing of it holds any more. */
export function isReplaced(evt: Evt, state: RoomState | null): boolean {
  return (isKind(evt, "protocol.issued") || isKind(evt, "protocol.amended")) && (state?.protocol?.protocol.version ?? 0) > evt.body.version;
}

/** What must be heard at once. */
const URGENT: ReadonlySet<string> = new Set([
  "protocol.amended", "protocol.queried", "incident.opened", "acquisition.aborted", "request.cancelled", "deadline.passed", "information.asked",
  "reaction.reported", "critical.raised", "critical.escalated", "critical.exhausted", "critical.overdue",
]);

export const isUrgent = (evt: Evt): boolean => URGENT.has(evt.kind) || foundBad(evt);

/** A checklist that found something, or knows too little. */
function foundBad(evt: Evt): boolean {
  return isKind(evt, "checklist.completed") && findings(evt.body).length > 0;
}

/** How a card is edged: danger to the patient, a clock that ran out, an acknowledgement, an act. */
export function tone(evt: Evt): "danger" | "clock" | "ack" | "accent" | "" {
  if (isKind(evt, "incident.opened")) return evt.body.category === "contrast_reaction" || evt.body.category === "identity" ? "danger" : "accent";
  if (foundBad(evt)) return "danger";
  if (evt.kind === "reaction.reported" || evt.kind === "critical.raised" || evt.kind === "critical.exhausted") return "danger";
  if (evt.kind === "deadline.passed" || evt.kind === "deadline.predicted" || evt.kind === "critical.overdue") return "clock";
  if (evt.kind === "report.acknowledged" || evt.kind === "critical.acknowledged" || evt.kind === "protocol.acknowledged" || evt.kind === "case.claimed") return "ack";
  if (evt.kind === "member.invited" || evt.kind === "member.removed" || evt.kind === "withheld") return "";
  return "accent";
}
