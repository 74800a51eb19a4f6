/** The series and the contrast of a protocol, as fields that a tired thumb can hit. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { asNumber, Check, TextField } from "../../../components/Field";
import { Icon } from "../../../components/Icon";
import { t } from "../../../i18n";
import { either, phase } from "../../words";
import { EMPTY_CONTRAST, EMPTY_SERIES, renumbered, type ContrastBody, type SeriesBody } from "./draftProtocol";

const PHASES = ["non-contrast", "arterial", "pulmonary arterial", "portal", "delayed", "perfusion", "post-contrast"];

/** A number that keeps what is typed until it is one. */
export function NumberField({ label, unit, value, onNumber }: { label: string; unit: string; value: number | null | undefined; onNumber: (n: number | null) => void }) {
  const typed = useSignal<string | null>(null);
  const shown = typed.value ?? (value === null || value === undefined ? "" : String(value));
  const wrong = typed.value !== null && asNumber(typed.value) === undefined;
  return (
    <TextField
      label={label} type="number" unit={unit} value={shown} wrong={wrong ? t("request.no_number") : undefined}
      onInput={(text) => {
        const n = asNumber(text);
        typed.value = n === undefined || /[.,]$/.test(text) || String(n ?? "") !== text.replace(",", ".") ? text : null;
        if (n !== undefined) onNumber(n);
      }}
    />
  );
}

function PhasePick({ value, onPick }: { value: string; onPick: (phase: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t("field.phase")}</label>
      <select id={id} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {value ? null : <option value="">{t("form.choose")}</option>}
        {[...new Set([...PHASES, value])].filter(Boolean).map((code) => <option key={code} value={code}>{phase(code)}</option>)}
      </select>
    </div>
  );
}

function OneSeries({ one, mr, set, remove }: { one: SeriesBody; mr: boolean; set: (change: Partial<SeriesBody>) => void; remove?: () => void }) {
  const track = one.bolus_track;
  return (
    <fieldset class="box">
      <legend>{t("protocol.series_n", { n: one.n })}{one.name ? ` · ${either(one.name)}` : ""}</legend>
      <div class="stack">
        <div class="cols">
          <TextField label={t("field.name")} max={120} value={one.name} onInput={(name) => set({ name })} />
          <PhasePick value={one.phase} onPick={(value) => set({ phase: value })} />
          {track ? <NumberField label={t("field.threshold_hu")} unit="UH" value={track.threshold_hu} onNumber={(n) => set({ bolus_track: { ...track, threshold_hu: n ?? 0 } })} />
            : <NumberField label={t("field.delay_s")} unit="s" value={one.delay_s} onNumber={(n) => set({ delay_s: n })} />}
        </div>
        <details>
          <summary>{mr ? t("editor.sequence") : t("editor.technique")}</summary>
          <div class="cols">
            {mr ? (
              <>
                <TextField label={t("field.sequence")} max={200} value={one.sequence ?? ""} onInput={(sequence) => set({ sequence })} />
                <TextField label={t("field.plane")} max={200} value={one.plane ?? ""} onInput={(plane) => set({ plane })} />
              </>
            ) : (
              <>
                <NumberField label={t("field.kv")} unit="kV" value={one.kv} onNumber={(kv) => set({ kv })} />
                <NumberField label={t("field.ref_mas")} unit="mAs" value={one.ref_mas} onNumber={(n) => set({ ref_mas: n })} />
                <NumberField label={t("field.mas")} unit="mAs" value={one.mas} onNumber={(mas) => set({ mas })} />
              </>
            )}
            <NumberField label={t("field.slice_mm")} unit="mm" value={one.slice_mm} onNumber={(n) => set({ slice_mm: n })} />
            <TextField label={t("field.coverage")} max={200} value={one.coverage ?? ""} onInput={(coverage) => set({ coverage })} />
            <TextField label={t("field.kernel")} value={(one.kernel ?? []).join(", ")} onInput={(v) => set({ kernel: v.split(",").map((part) => part.trim()).filter(Boolean) })} />
            <TextField label={t("field.note")} max={1000} value={one.note ?? ""} onInput={(note) => set({ note })} />
          </div>
        </details>
        {remove ? <div><button type="button" onClick={remove}><Icon name="cross" />{t("editor.remove_series", { n: one.n })}</button></div> : null}
      </div>
    </fieldset>
  );
}

export function SeriesList({ series, mr, set }: { series: readonly SeriesBody[]; mr: boolean; set: (series: SeriesBody[]) => void }) {
  return (
    <section class="stack" aria-labelledby="series">
      <h3 id="series">{t("protocol.series")}</h3>
      {series.map((one, at) => (
        <OneSeries
          key={at} one={one} mr={mr}
          set={(change) => set(series.map((other, i) => (i === at ? { ...other, ...change } : other)))}
          remove={series.length > 1 ? () => set(renumbered(series.filter((_, i) => i !== at))) : undefined}
        />
      ))}
      <div><button type="button" onClick={() => set(renumbered([...series, EMPTY_SERIES]))}><Icon name="plus" />{t("editor.add_series")}</button></div>
    </section>
  );
}

export function ContrastFields({ contrast, mr, set }: { contrast: ContrastBody | null; mr: boolean; set: (contrast: ContrastBody | null) => void }) {
  const change = (some: Partial<ContrastBody>): void => set({ ...(contrast ?? EMPTY_CONTRAST), ...some });
  return (
    <fieldset class="box">
      <legend>{t("field.contrast")}</legend>
      <div class="stack">
        <Check label={t("editor.with_contrast")} checked={contrast !== null} onChange={(on) => set(on ? { ...EMPTY_CONTRAST, agent: t(mr ? "editor.gadolinium" : "editor.iodine") } : null)} />
        {contrast ? (
          <div class="cols">
            <TextField label={t("acquisition.agent")} max={200} value={contrast.agent} onInput={(agent) => change({ agent })} />
            {mr ? <NumberField label={t("field.mmol_kg")} unit="mmol/kg" value={contrast.mmol_kg} onNumber={(n) => change({ mmol_kg: n })} />
              : <NumberField label={t("field.concentration_mgi_ml")} unit="mgI/mL" value={contrast.concentration_mgi_ml} onNumber={(n) => change({ concentration_mgi_ml: n })} />}
            <NumberField label={t("field.volume_ml")} unit="mL" value={contrast.volume_ml} onNumber={(n) => change({ volume_ml: n })} />
            <NumberField label={t("editor.by_weight")} unit="mL/kg" value={contrast.ml_per_kg} onNumber={(n) => change({ ml_per_kg: n })} />
            <NumberField label={t("field.rate_ml_s")} unit="mL/s" value={contrast.rate_ml_s} onNumber={(n) => change({ rate_ml_s: n })} />
            <NumberField label={t("field.saline_flush_ml")} unit="mL" value={contrast.saline_flush_ml} onNumber={(n) => change({ saline_flush_ml: n })} />
            <TextField label={t("field.gauge_min")} max={200} value={contrast.gauge_min ?? ""} onInput={(gauge) => change({ gauge_min: gauge })} />
          </div>
        ) : null}
      </div>
    </fieldset>
  );
}
