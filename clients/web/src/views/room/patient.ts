/** The patient as a room names them. */
import type { RoomState } from "../../core";
import { t } from "../../i18n";
import { day } from "../../i18n/time";

/** Birth name, given name, sex, date of birth. */
export function patientLabel(state: RoomState): string {
  const patient = state.request?.patient;
  if (!patient) return t("patient.hidden");
  const born = patient.dob ? t("patient.born", { dob: day(patient.dob) }) : "";
  const sex = patient.sex === "U" ? "" : t(`sex.short.${patient.sex}`);
  return [[patient.birth_name, patient.given].filter(Boolean).join(" "), sex, born].filter(Boolean).join(" · ");
}
