/** What each plain act asks for, and the body that follows: one table for all of them. */
import { causes, channels, critical, grades, impacts, phantoms } from "../../../generated/tables.json";
import { asNumber } from "../../../components/Field";
import { lang, t, type Key } from "../../../i18n";
import type { CommandKind, RoomState } from "../../../core";
import { memberName } from "../sentence";
import type { ActForm } from "./form";

export interface Ask {
  name: string;
  label: Key;
  required?: boolean;
  rows?: number;
  max?: number;
  unit?: string;
  /** A number, typed with a comma or a point. */
  number?: boolean;
  choices?: readonly { value: string; label: string }[];
}

type Words = Record<string, { fr: string; en: string }>;

const REASON: Ask = { name: "reason", label: "form.reason", required: true, rows: 2, max: 1000 };
const NOTE: Ask = { name: "note", label: "form.note", rows: 2, max: 1000 };
const INCIDENTS = ["technical", "network", "scanner", "contrast_reaction", "identity", "other"] as const;
const SEVERITIES = ["mild", "moderate", "severe", "unknown"] as const;
const of = (words: Words, ...without: string[]): Ask["choices"] =>
  Object.entries(words).filter(([value]) => !without.includes(value)).map(([value, said]) => ({ value, label: said[lang.value] }));

/** Asked for when the form opens: words follow the language of the moment. */
export function asks(kind: CommandKind, state: RoomState, mine: string): readonly Ask[] {
  switch (kind) {
    case "request.cancel":
    case "case.release":
    case "room.reopen":
    case "handover.decline":
    case "opinion.decline":
    case "opinion.withdraw":
      return [REASON];
    case "room.close":
      return [{ ...REASON, required: state.receipt === null && state.stage !== "acknowledged" && !["refused", "substituted", "cancelled", "aborted"].includes(state.stage) }];
    case "member.remove":
    case "message.retract":
    case "handover.withdraw":
      return [{ ...REASON, required: false }];
    case "information.ask":
      return [{ name: "question", label: "form.question", required: true, rows: 3, max: 2000 }];
    case "information.answer":
      return [{ name: "answer", label: "form.answer", required: true, rows: 3, max: 4000 }];
    case "protocol.query":
      return [{ name: "reason", label: "form.query", required: true, rows: 3, max: 2000 }, { name: "proposed", label: "form.proposed", max: 1000 }];
    case "protocol.answer":
      return [
        { name: "accepted", label: "form.accepted", choices: [{ value: "yes", label: t("query.accepted") }, { value: "no", label: t("query.declined") }] },
        { name: "answer", label: "form.answer", required: true, rows: 3, max: 2000 },
      ];
    case "acquisition.start":
      return [{ name: "scanner", label: "form.scanner", max: 200 }];
    case "incident.open":
      return [
        { name: "category", label: "form.category", required: true, choices: INCIDENTS.map((value) => ({ value, label: t(`incident.${value}`) })) },
        { name: "text", label: "form.incident", required: true, rows: 3, max: 4000 },
      ];
    case "incident.close":
      return [{ name: "resolution", label: "form.resolution", required: true, rows: 3, max: 4000 }];
    default:
      return asksAfter(kind, state, mine);
  }
}

/** The same, from the scanner's end to the closed loops. */
function asksAfter(kind: CommandKind, state: RoomState, mine: string): readonly Ask[] {
  switch (kind) {
    case "contrast.record":
      return [
        { name: "agent", label: "form.agent", required: true, max: 200 }, { name: "lot", label: "form.lot", max: 200 },
        { name: "volume_ml", label: "form.volume", number: true, unit: "mL" }, { name: "rate_ml_s", label: "form.rate", number: true, unit: "mL/s" },
        { name: "route", label: "form.route", max: 200 },
      ];
    case "reaction.report":
      return [
        { name: "text", label: "form.reaction", required: true, rows: 3, max: 1000 },
        { name: "severity", label: "form.severity", required: true, choices: SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) })) },
        { name: "treatment", label: "form.treatment", rows: 2, max: 1000 },
      ];
    case "images.declare":
      return [{ name: "series", label: "form.series", number: true }, { name: "instances", label: "form.instances", number: true }, NOTE];
    case "patient.release":
    case "clock.resume":
      return [NOTE];
    case "dose.record":
      return [
        { name: "phantom", label: "form.phantom", required: true, choices: of(phantoms) },
        { name: "ctdivol_mgy", label: "form.ctdivol", required: true, number: true, unit: "mGy" },
        { name: "dlp_mgy_cm", label: "form.dlp", required: true, number: true, unit: "mGy·cm" },
        { name: "region", label: "form.dose_region", max: 200 }, { name: "device", label: "form.scanner", max: 200 },
      ];
    case "reading.start": {
      const from = state.reader ?? (state.owner?.person === mine ? null : state.owner);
      return from ? [REASON] : [];
    }
    case "reading.stop":
      return [{ ...REASON, required: false }];
    case "addendum.sign":
      return [{ name: "text", label: "form.addendum", required: true, rows: 6, max: 8000 }, { ...REASON, required: false }];
    case "report.deliver":
      return [
        { name: "channel", label: "form.channel", required: true, choices: of(channels, "room") },
        { name: "to", label: "form.to", required: true, max: 200 }, NOTE,
      ];
    case "report.acknowledge":
      return [{ name: "action", label: "form.action", rows: 2, max: 1000 }];
    case "clock.pause":
      return [{ name: "cause", label: "form.cause", required: true, choices: of(causes) }, NOTE];
    default:
      return asksOfLoops(kind, state, mine);
  }
}

function asksOfLoops(kind: CommandKind, state: RoomState, mine: string): readonly Ask[] {
  const held = criticalOf(state);
  switch (kind) {
    case "critical.raise":
      return [
        { name: "category", label: "form.critical_category", required: true, choices: of(critical.categories) },
        { name: "finding", label: "form.finding", required: true, rows: 3, max: 1000 },
        { name: "words", label: "form.words", max: 300 },
      ];
    case "critical.attempt":
      return [
        { name: "method", label: "form.method", required: true, choices: of(critical.methods, "room") },
        { name: "outcome", label: "form.outcome", required: true, choices: of(critical.outcomes) },
        { name: "name", label: "form.reached", max: 200 }, { name: "number", label: "form.number", max: 40 }, NOTE,
      ];
    case "critical.acknowledge": {
      const back: Ask = { name: "read_back", label: "form.read_back", required: held !== undefined && held.category < 3, rows: 3, max: 2000 };
      const tells = held?.holder === mine || held?.raised.person === mine;
      return tells
        ? [
            { name: "recipient_name", label: "form.recipient", required: true, max: 200 }, { name: "recipient_role", label: "form.recipient_role", required: true, max: 200 },
            { name: "number", label: "form.number", required: true, max: 40 }, back,
          ]
        : [back, { name: "action", label: "form.action", rows: 2, max: 1000 }];
    }
    case "critical.close":
      return [{ ...REASON, required: state.criticals.some((one) => one.closed === null && one.receipt === null) }];
    case "opinion.answer":
      return [{ name: "text", label: "form.opinion", required: true, rows: 5, max: 8000 }];
    case "opinion.conclude":
      return [{ name: "concordance", label: "form.concordance", required: true, choices: of(grades) }, { name: "remark", label: "form.note", rows: 2, max: 1000 }];
    case "review.record":
      return [
        { name: "grade", label: "form.concordance", required: true, choices: of(grades) },
        { name: "impact", label: "form.impact", required: true, choices: of(impacts) },
        { name: "text", label: "form.note", rows: 3, max: 4000 },
      ];
    default:
      return [];
  }
}

/** The critical result that an act is about: the gravest that nobody has received. */
const criticalOf = (state: RoomState): RoomState["criticals"][number] | undefined =>
  [...state.criticals].filter((one) => one.closed === null && one.receipt === null).sort((a, b) => a.category - b.category)[0];

const opinionOf = (state: RoomState, states: readonly string[]): RoomState["opinions"][number] | undefined =>
  state.opinions.findLast((one) => states.includes(one.state));

const OPEN_OPINIONS: Partial<Record<CommandKind, readonly string[]>> = {
  "opinion.accept": ["asked"], "opinion.decline": ["asked"], "opinion.answer": ["asked", "accepted"],
  "opinion.conclude": ["answered"], "opinion.withdraw": ["asked", "accepted"],
};

/** What the act is about, in the words of the room. */
export function context(kind: CommandKind, state: RoomState, about: ActForm["about"]): string {
  if (kind === "information.answer")
    return (state.questions.find((one) => one.asked.seq === about.seq) ?? state.questions.findLast((one) => !one.answered))?.question ?? "";
  if (kind === "protocol.answer") {
    const query = state.queries.find((one) => one.asked.seq === about.seq) ?? state.queries.findLast((one) => !one.answered);
    return query ? [query.reason, query.proposed].filter(Boolean).join(" → ") : "";
  }
  if (kind === "incident.close") return (state.incidents.find((one) => one.opened.seq === about.seq) ?? state.incidents[0])?.text ?? "";
  if (kind === "member.remove") return about.person ? memberName(about.person, state) : "";
  if (kind === "case.claim") return state.owner ? t("confirm.take_over", { name: state.owner.name }) : t("confirm.case.claim");
  if (kind === "acquisition.start") return t("confirm.acquisition.start", { version: state.protocol?.protocol.version ?? "" });
  if (kind === "room.close") return t("confirm.room.close");
  if (kind === "message.retract") return t("confirm.message.retract");
  if (kind === "reading.start" && state.reader) return t("confirm.reading.take_over", { name: state.reader.name });
  if (kind === "critical.acknowledge" || kind === "critical.attempt") return criticalOf(state)?.finding ?? "";
  if (kind === "report.acknowledge") // all that the version named holds: an addendum is acknowledged with what it adds to
    return [state.report?.content.sections.conclusion ?? "", ...state.addenda.map((one) => one.content.addendum)].filter(Boolean).join("\n→ ");
  const opinion = OPEN_OPINIONS[kind] ? opinionOf(state, OPEN_OPINIONS[kind]) : undefined;
  return opinion ? [opinion.question, kind === "opinion.conclude" ? opinion.text : ""].filter(Boolean).join("\n→ ") : "";
}

/** Names of the fields whose words are no number. */
export const notNumbers = (asked: readonly Ask[], said: Record<string, string>): string[] =>
  asked.filter((ask) => ask.number && asNumber(said[ask.name] ?? "") === undefined).map((ask) => ask.name);

/** The body, with the number that says what it is about. */
export function bodyOf(kind: CommandKind, said: Record<string, string>, state: RoomState, about: ActForm["about"], asked: readonly Ask[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const numbers = new Set(asked.filter((ask) => ask.number).map((ask) => ask.name));
  for (const [name, value] of Object.entries(said)) if (value.trim()) body[name] = numbers.has(name) ? asNumber(value) : value.trim();
  if (kind === "protocol.answer") {
    body.accepted = said.accepted === "yes" ? true : said.accepted === "no" ? false : null;
    if (about.seq) body.query_seq = about.seq;
  }
  if (kind === "information.answer" && about.seq) body.question_seq = about.seq;
  if (kind === "incident.close") body.incident_seq = about.seq ?? state.incidents[0]?.opened.seq ?? 1;
  if (kind === "member.remove") body.person = about.person;
  if (kind === "message.retract") body.seq = about.seq;
  if (kind === "dose.record") {
    const { device, ...series } = body;
    return { series: [series], ...(device ? { device } : {}) };
  }
  if (kind === "report.acknowledge") Object.assign(body, lastVersion(state));
  return OPEN_OPINIONS[kind] ? { ...body, opinion: about.seq ?? opinionOf(state, OPEN_OPINIONS[kind])?.asked.seq } : kind.startsWith("critical.") ? criticalBody(kind, body, state, about) : body;
}

/** The version that was read: the newest, addenda among them. */
function lastVersion(state: RoomState): { version?: number; content_hash?: string } {
  const last = state.report_versions.at(-1);
  return last ? { version: last.version, content_hash: last.content_hash } : {};
}

function criticalBody(kind: CommandKind, body: Record<string, unknown>, state: RoomState, about: ActForm["about"]): Record<string, unknown> {
  if (kind === "critical.raise") {
    const words = String(body.words ?? "").split(",").map((one) => one.trim()).filter(Boolean);
    return { ...body, category: Number(body.category), words };
  }
  const open = kind === "critical.close" ? state.criticals.find((one) => one.closed === null)?.raised.seq : criticalOf(state)?.raised.seq;
  const { recipient_name: name, recipient_role: role, number, ...rest } = body;
  if (kind === "critical.acknowledge" && name) return { ...rest, critical: about.seq ?? open, method: "phone", recipient: { name, role, number } };
  return { ...rest, ...(number ? { number } : {}), critical: about.seq ?? open };
}
