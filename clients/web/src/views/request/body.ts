/** The request form as text, the body it makes, and what is missing in it: pure. */
import { asNumber } from "../../components/Field";
import type { CommandBodies, RoomState } from "../../core";
import { asTyped, fromSite } from "../../i18n/time";

type Submit = CommandBodies["request.submit"];
type Answers = NonNullable<Submit["contraindications"]>;
type Yes = "yes" | "no" | "unknown" | "";

/** Every box of the form, as typed; "" is "not said". */
export interface Form {
  urgency: Submit["urgency"] | "";
  birth_name: string;
  used_name: string;
  given: string;
  dob: string;
  sex: "M" | "F" | "U";
  identity: "provisional" | "validated" | "qualified";
  ipp: string;
  ins: string;
  weight_kg: string;
  height_cm: string;
  callback: string;
  modality: Submit["modality_wanted"] | "";
  region: string[];
  question: string;
  history: string;
  last_known_well: string;
  nihss: string;
  allergy: NonNullable<Answers["allergy_contrast"]> | "";
  prior_reaction: string;
  renal: Yes;
  metformin: Yes;
  pregnancy: "no" | "yes" | "unknown" | "na" | "";
  breastfeeding: Yes;
  hyperthyroid: Yes;
  implants: Yes;
  implant_list: string;
  claustrophobia: Yes;
  creatinine: string;
  egfr: string;
  lab_date: string;
  gauge: NonNullable<Submit["iv_access"]>["gauge"] | "unknown" | "";
  iv_place: string;
  priors: string;
  information: NonNullable<Submit["information_given"]> | "";
}

export const EMPTY: Form = {
  urgency: "", birth_name: "", used_name: "", given: "", dob: "", sex: "U", identity: "provisional", ipp: "", ins: "",
  weight_kg: "", height_cm: "", callback: "", modality: "", region: [], question: "", history: "",
  last_known_well: "", nihss: "", allergy: "", prior_reaction: "", renal: "", metformin: "", pregnancy: "",
  breastfeeding: "", hyperthyroid: "", implants: "", implant_list: "", claustrophobia: "", creatinine: "", egfr: "",
  lab_date: "", gauge: "", iv_place: "", priors: "", information: "",
};

/** Without these nothing can be sent. */
export const NEEDED = ["urgency", "modality", "region", "question", "birth_name"] as const;
/** Asked for; without an answer it goes as "not said", and is shown so. */
export const ASKED = [
  "callback", "given", "dob", "allergy", "renal", "metformin", "pregnancy", "implants", "weight_kg", "gauge", "information",
] as const;

export type FieldName = keyof Form;

/** Numbers that are no numbers, or out of what can be. */
const RANGES: Partial<Record<FieldName, readonly [number, number]>> = {
  weight_kg: [0.3, 500], height_cm: [20, 260], creatinine: [1, 3000], egfr: [0, 250], nihss: [0, 42],
};

function missingIn(form: Form, name: FieldName): boolean {
  const value = form[name];
  return Array.isArray(value) ? value.length === 0 : value.trim() === "";
}

export interface Problems {
  needed: FieldName[];
  wrong: FieldName[];
  /** Days and moments that are still to come. */
  future: FieldName[];
  unsaid: FieldName[];
  unknown: FieldName[];
}

/** By which the site's clock, or whoever looked at it, may be ahead of ours; as the hub grants it. */
const SKEW_MS = 10 * 60_000;

/** Is it later than `now` (ms, the hub's time) at the site? */
function toCome(form: Form, name: "dob" | "lab_date" | "last_known_well", now: number): boolean {
  const latest = now + SKEW_MS;
  if (name === "last_known_well") return Date.parse(fromSite(form[name])) > latest;
  return form[name].slice(0, 10) > asTyped(new Date(latest).toISOString()).slice(0, 10);
}

/** What keeps the request from being sent, and what it would leave open. `now`: the hub's time, ms. */
export function problems(form: Form, now: number): Problems {
  const relevant = (name: FieldName): boolean => name !== "pregnancy" || form.sex !== "M";
  return {
    needed: NEEDED.filter((name) => missingIn(form, name)),
    wrong: (Object.keys(RANGES) as FieldName[]).filter((name) => {
      const value = asNumber(form[name] as string);
      const [least, most] = RANGES[name]!;
      return value === undefined || (value !== null && (value < least || value > most));
    }),
    future: (["dob", "lab_date", "last_known_well"] as const).filter((name) => toCome(form, name, now)),
    unsaid: ASKED.filter((name) => relevant(name) && missingIn(form, name)),
    unknown: ASKED.filter((name) => form[name] === "unknown"),
  };
}

const num = (text: string): number | null => asNumber(text) ?? null;

/** The body of `request.submit`; what was not said is left out. */
export function bodyOf(form: Form): Submit {
  return {
    patient: {
      birth_name: form.birth_name.trim(), used_name: form.used_name.trim(), given: form.given.trim(), dob: form.dob,
      sex: form.sex, identity: form.identity, ipp: form.ipp.trim(),
      ins: form.identity === "qualified" ? form.ins.trim() : "",
      weight_kg: num(form.weight_kg), height_cm: num(form.height_cm),
    },
    urgency: form.urgency || "P2",
    modality_wanted: form.modality || "CT",
    region: form.region,
    clinical_question: form.question.trim(),
    callback: form.callback.trim(),
    history: form.history.trim(),
    last_known_well: fromSite(form.last_known_well),
    nihss: num(form.nihss),
    labs: { creatinine_umol_l: num(form.creatinine), egfr: num(form.egfr), egfr_date: form.lab_date },
    contraindications: {
      allergy_contrast: form.allergy || null, prior_reaction: form.prior_reaction.trim(), renal_known: form.renal || null,
      metformin: form.metformin || null, pregnancy: form.sex === "M" ? "na" : form.pregnancy || null,
      breastfeeding: form.breastfeeding || null, hyperthyroid: form.hyperthyroid || null, implants: form.implants || null,
      implant_list: form.implant_list.split(",").map((one) => one.trim()).filter(Boolean),
      claustrophobia: form.claustrophobia || null,
    },
    iv_access: form.gauge && form.gauge !== "unknown" ? { gauge: form.gauge, place: form.iv_place.trim() } : null,
    priors: form.priors.trim(),
    information_given: form.information || null,
  };
}

/** The form of a request that stands, to amend it. */
export function formOf(request: NonNullable<RoomState["request"]>): Form {
  const { patient, contraindications: said, labs, iv_access: iv } = request;
  const text = (n: number | null | undefined): string => (n === null || n === undefined ? "" : String(n));
  return {
    urgency: request.urgency, birth_name: patient.birth_name, used_name: patient.used_name, given: patient.given, dob: patient.dob,
    sex: patient.sex, identity: patient.identity === "validated" || patient.identity === "qualified" ? patient.identity : "provisional",
    ipp: patient.ipp, ins: patient.ins, weight_kg: text(patient.weight_kg), height_cm: text(patient.height_cm),
    callback: request.callback, modality: request.modality_wanted, region: [...request.region], question: request.clinical_question,
    history: request.history, last_known_well: asTyped(request.last_known_well), nihss: text(request.nihss),
    allergy: said.allergy_contrast ?? "", prior_reaction: said.prior_reaction, renal: said.renal_known ?? "",
    metformin: said.metformin ?? "", pregnancy: said.pregnancy ?? "", breastfeeding: said.breastfeeding ?? "",
    hyperthyroid: said.hyperthyroid ?? "", implants: said.implants ?? "", implant_list: said.implant_list.join(", "),
    claustrophobia: said.claustrophobia ?? "", creatinine: text(labs.creatinine_umol_l), egfr: text(labs.egfr), lab_date: labs.egfr_date,
    gauge: iv?.gauge ?? "", iv_place: iv?.place ?? "", priors: request.priors, information: request.information_given ?? "",
  };
}

/** A draft as kept; whatever is not of the form is left behind. */
export function draftOf(text: string): Form {
  if (!text) return EMPTY;
  try {
    const kept = JSON.parse(text) as Partial<Record<FieldName, unknown>>;
    const form: Record<string, unknown> = { ...EMPTY };
    for (const name of Object.keys(EMPTY) as FieldName[])
      if (typeof kept[name] === typeof EMPTY[name] && Array.isArray(kept[name]) === Array.isArray(EMPTY[name])) form[name] = kept[name];
    return form as unknown as Form;
  } catch {
    return EMPTY;
  }
}
