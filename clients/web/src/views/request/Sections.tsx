/** The parts of the request form: one column, urgency first. */
import type { ComponentChildren } from "preact";
import { Choice, TextField, type Option } from "../../components/Field";
import { t, type Key } from "../../i18n";
import { modality, region } from "../words";
import type { FieldName, Form } from "./body";

export interface Part {
  form: Form;
  set: (change: Partial<Form>) => void;
  wrong: (name: FieldName) => string | undefined;
}

const REGIONS = ["head", "neck", "cervical spine", "face", "chest", "abdomen", "pelvis", "thoracic spine", "lumbar spine", "limb"];
const MODALITIES = ["CT", "MR"] as const;
const GAUGES = ["none", "22G", "20G", "18G", "16G", "central", "unknown"] as const;

function Box({ title, children }: { title: string; children: ComponentChildren }) {
  return <fieldset class="box"><legend>{title}</legend><div class="stack wide">{children}</div></fieldset>;
}

function options<V extends string>(values: readonly V[], stem: string): Option<V>[] {
  return values.map((value) => ({ value, label: t(`${stem}.${value}` as Key) }));
}

export function What({ form, set, wrong }: Part) {
  const levels = ["P0", "P1", "P2", "P3"] as const;
  const stroke = form.region.includes("head");
  const toggle = (code: string): void =>
    set({ region: form.region.includes(code) ? form.region.filter((one) => one !== code) : [...form.region, code] });
  return (
    <>
      <Box title={t("request.urgency")}>
        <Choice
          label={t("request.urgency_how")} value={form.urgency} wrong={wrong("urgency")} onPick={(urgency) => set({ urgency })}
          options={levels.map((value) => ({ value, label: <><b>{value}</b> {t(`urgency.${value}`)}</> }))}
        />
      </Box>
      <Box title={t("request.exam")}>
        <Choice
          label={t("request.modality")} value={form.modality} wrong={wrong("modality")} onPick={(value) => set({ modality: value })}
          options={MODALITIES.map((value) => ({ value, label: modality(value) }))}
        />
        <fieldset class="field">
          <legend>{t("request.region")}</legend>
          <div class="choice">
            {REGIONS.map((code) => (
              <label key={code}>
                <input type="checkbox" checked={form.region.includes(code)} onChange={() => toggle(code)} />
                <span>{region(code)}</span>
              </label>
            ))}
          </div>
          {wrong("region") ? <span class="wrong">{wrong("region")}</span> : null}
        </fieldset>
        <TextField
          label={t("request.question")} hint={t("request.question_hint")} rows={3} max={4000} value={form.question}
          wrong={wrong("question")} onInput={(question) => set({ question })} required
        />
        <TextField label={t("request.history")} rows={2} max={8000} value={form.history} onInput={(history) => set({ history })} />
        {stroke ? (
          <div class="cols">
            <TextField label={t("request.last_known_well")} type="datetime-local" value={form.last_known_well} wrong={wrong("last_known_well")} onInput={(v) => set({ last_known_well: v })} />
            <TextField label={t("request.nihss")} type="number" unit="/ 42" value={form.nihss} wrong={wrong("nihss")} onInput={(nihss) => set({ nihss })} />
          </div>
        ) : null}
        <TextField label={t("request.priors")} value={form.priors} max={1000} onInput={(priors) => set({ priors })} />
      </Box>
    </>
  );
}

export function Who({ form, set, wrong }: Part) {
  return (
    <Box title={t("request.who")}>
      <TextField label={t("request.callback")} hint={t("request.callback_hint")} type="tel" max={40} value={form.callback} onInput={(callback) => set({ callback })} />
      <div class="cols">
        <TextField label={t("request.birth_name")} max={120} value={form.birth_name} wrong={wrong("birth_name")} onInput={(v) => set({ birth_name: v })} required />
        <TextField label={t("request.given")} max={200} value={form.given} onInput={(given) => set({ given })} />
        <TextField label={t("request.used_name")} max={200} value={form.used_name} onInput={(v) => set({ used_name: v })} />
        <TextField label={t("request.dob")} type="date" value={form.dob} wrong={wrong("dob")} onInput={(dob) => set({ dob })} />
      </div>
      <Choice label={t("request.sex")} value={form.sex} options={options(["F", "M", "U"] as const, "sex")} onPick={(sex) => set({ sex })} />
      <Choice
        label={t("request.identity")} hint={t("request.identity_hint")} value={form.identity} onPick={(identity) => set({ identity })}
        options={options(["provisional", "validated", "qualified"] as const, "identity")}
      />
      <div class="cols">
        <TextField label={t("request.ipp")} max={200} value={form.ipp} onInput={(ipp) => set({ ipp })} />
        {form.identity === "qualified" ? <TextField label={t("request.ins")} max={200} value={form.ins} onInput={(ins) => set({ ins })} /> : null}
        <TextField label={t("request.weight_kg")} type="number" unit="kg" value={form.weight_kg} wrong={wrong("weight_kg")} onInput={(v) => set({ weight_kg: v })} />
        <TextField label={t("request.height_cm")} type="number" unit="cm" value={form.height_cm} wrong={wrong("height_cm")} onInput={(v) => set({ height_cm: v })} />
      </div>
    </Box>
  );
}

export function Risks({ form, set, wrong }: Part) {
  const yes = options(["no", "yes", "unknown"] as const, "answer");
  const mr = form.modality === "MR";
  return (
    <Box title={t("request.risks")}>
      <div class="stack">
        <Choice inline label={t("request.allergy")} value={form.allergy} options={options(["none", "mild", "severe", "unknown"] as const, "allergy")} onPick={(allergy) => set({ allergy })} />
        {form.allergy === "mild" || form.allergy === "severe" ? (
          <TextField label={t("request.prior_reaction")} max={1000} value={form.prior_reaction} onInput={(v) => set({ prior_reaction: v })} />
        ) : null}
        <Choice inline label={t("request.renal")} value={form.renal} options={yes} onPick={(renal) => set({ renal })} />
        <Choice inline label={t("request.metformin")} value={form.metformin} options={yes} onPick={(metformin) => set({ metformin })} />
        {form.sex !== "M" ? (
          <>
            <Choice inline label={t("request.pregnancy")} value={form.pregnancy} options={options(["no", "yes", "unknown", "na"] as const, "pregnancy")} onPick={(pregnancy) => set({ pregnancy })} />
            <Choice inline label={t("request.breastfeeding")} value={form.breastfeeding} options={yes} onPick={(v) => set({ breastfeeding: v })} />
          </>
        ) : null}
        <Choice inline label={t("request.implants")} value={form.implants} options={yes} onPick={(implants) => set({ implants })} />
        {form.implants === "yes" ? <TextField label={t("request.implant_list")} hint={t("request.implant_hint")} value={form.implant_list} onInput={(v) => set({ implant_list: v })} /> : null}
        <Choice inline label={t("request.hyperthyroid")} value={form.hyperthyroid} options={yes} onPick={(v) => set({ hyperthyroid: v })} />
        {mr ? <Choice inline label={t("request.claustrophobia")} value={form.claustrophobia} options={yes} onPick={(v) => set({ claustrophobia: v })} /> : null}
      </div>
      <div class="cols">
        <TextField label={t("request.creatinine")} type="number" unit="µmol/L" value={form.creatinine} wrong={wrong("creatinine")} onInput={(v) => set({ creatinine: v })} />
        <TextField label={t("request.egfr")} type="number" unit="mL/min" value={form.egfr} wrong={wrong("egfr")} onInput={(v) => set({ egfr: v })} />
        <TextField label={t("request.lab_date")} type="date" value={form.lab_date} wrong={wrong("lab_date")} onInput={(v) => set({ lab_date: v })} />
      </div>
    </Box>
  );
}

export function Ready({ form, set }: Part) {
  return (
    <Box title={t("request.ready")}>
      <Choice label={t("request.gauge")} value={form.gauge} options={options(GAUGES, "gauge")} onPick={(gauge) => set({ gauge })} />
      {form.gauge && form.gauge !== "none" && form.gauge !== "unknown" ? (
        <TextField label={t("request.iv_place")} max={200} value={form.iv_place} onInput={(v) => set({ iv_place: v })} />
      ) : null}
      <Choice label={t("request.information")} value={form.information} options={options(["yes", "emergency", "refused", "unknown"] as const, "information")} onPick={(information) => set({ information })} />
    </Box>
  );
}
