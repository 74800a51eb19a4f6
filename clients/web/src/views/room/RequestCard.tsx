/** What was asked, and what nobody knows yet: unknown is shown as such. */
import { Icon } from "../../components/Icon";
import { At } from "../../components/Times";
import type { RoomState, RoomView } from "../../core";
import { number, t, tMaybe, type Key } from "../../i18n";
import { fullTime } from "../../i18n/time";
import { site } from "../sites";
import { ActButton } from "./ActButton";

type Request = NonNullable<RoomState["request"]>;

/** [field, words, is it unknown] of what decides about safety. */
function answers(request: Request): [Key, string, boolean][] {
  const said = request.contraindications;
  const { labs, iv_access: iv, patient } = request;
  const say = (value: string | null | undefined, stem: string): [string, boolean] =>
    value === null || value === undefined || value === "" ? [t("answer.unsaid"), true]
    : value === "unknown" ? [t("answer.unknown"), true] : [tMaybe(`${stem}.${value}`, value), false];
  const amount = (value: number | null, unit: string): [string, boolean] => (value === null ? [t("answer.unsaid"), true] : [`${number(value)} ${unit}`, false]);
  const lines: [Key, [string, boolean]][] = [
    ["request.allergy", say(said.allergy_contrast, "allergy")],
    labs.egfr !== null ? ["request.egfr", amount(labs.egfr, "mL/min/1,73 m²")] : ["request.renal", say(said.renal_known, "answer")],
    ["request.creatinine", amount(labs.creatinine_umol_l, "µmol/L")],
    ["request.metformin", say(said.metformin, "answer")],
    ["request.pregnancy", say(said.pregnancy, "pregnancy")],
    ["request.implants", said.implant_list.length ? [said.implant_list.join(", "), false] : say(said.implants, "answer")],
    ["request.weight_kg", amount(patient.weight_kg, "kg")],
    ["request.gauge", iv ? [`${tMaybe(`gauge.${iv.gauge}`, iv.gauge)} ${iv.place}`, false] : [t("answer.unsaid"), true]],
    ["request.information", say(request.information_given, "information")],
  ];
  return lines.map(([key, [words, open]]) => [key, words, open]);
}

export function RequestFacts({ request }: { request: Request }) {
  const all = answers(request);
  return (
    <>
      <p class="pre"><b>{request.clinical_question}</b></p>
      {request.history ? <p class="pre muted">{request.history}</p> : null}
      <dl class="facts">
        {request.last_known_well ? [<dt key="lkw">{t("request.last_known_well")}</dt>, <dd key="lkwd">{fullTime(request.last_known_well)}</dd>] : null}
        {request.nihss !== null && request.nihss !== undefined ? [<dt key="n">{t("request.nihss")}</dt>, <dd key="nd">{request.nihss}</dd>] : null}
        {all.map(([key, words, open]) => [<dt key={key}>{t(key)}</dt>, <dd key={`${key}d`} class={open ? "unknown" : ""}>{words}</dd>])}
        {request.contraindications.prior_reaction ? [<dt key="r">{t("request.prior_reaction")}</dt>, <dd key="rd">{request.contraindications.prior_reaction}</dd>] : null}
        {request.priors ? [<dt key="p">{t("request.priors")}</dt>, <dd key="pd">{request.priors}</dd>] : null}
      </dl>
    </>
  );
}

export function RequestCard({ room, state }: { room: RoomView; state: RoomState }) {
  const request = state.request;
  if (!request) return null;
  const open = !state.protocol;
  const { name, phone } = site(state.site);
  const dial = request.callback || phone;
  return (
    <article class="card">
      <header>
        <h3>{t("request.card")}{state.request_version > 1 ? ` · v${state.request_version}` : ""}</h3>
        {dial ? (
          <a class="button" href={`tel:${dial.replace(/\s/g, "")}`} title={request.callback ? t("request.callback") : t("request.site_phone", { site: name })}>
            <Icon name="phone" />{dial}{request.callback ? null : <span class="vh"> {t("request.site_phone", { site: name })}</span>}
          </a>
        ) : null}
      </header>
      {state.requested ? <p class="muted small">{state.requested.name} · <At at={state.requested.at} /></p> : null}
      {open ? <RequestFacts request={request} /> : (
        <details><summary>{request.clinical_question}</summary><RequestFacts request={request} /></details>
      )}
      <div class="row">
        <ActButton room={room} kind="request.amend" />
        <ActButton room={room} kind="information.ask" />
      </div>
    </article>
  );
}

/** Questions to the requester: the open ones first. */
export function Questions({ room, state }: { room: RoomView; state: RoomState }) {
  if (!state.questions.length) return null;
  return (
    <>
      {state.questions.map((one) => (
        <article class="card accent" key={one.asked.seq}>
          <header><h3><Icon name="talk" /> {one.answered ? t("question.answered") : t("question.open")}</h3></header>
          <p><b>{one.question}</b><br /><span class="muted small">{one.asked.name} · <At at={one.asked.at} /></span></p>
          {one.answered ? <p>{one.answer}<br /><span class="muted small">{one.answered.name} · <At at={one.answered.at} /></span></p>
            : <ActButton room={room} kind="information.answer" about={{ seq: one.asked.seq }} primary />}
        </article>
      ))}
    </>
  );
}
