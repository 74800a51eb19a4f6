/** A protocol: version, what changed since the one before, the critical values large, the series. */
import { Icon } from "../../components/Icon";
import { At } from "../../components/Times";
import type { RoomState } from "../../core";
import { number, plural, t } from "../../i18n";
import { either, fieldWord, modality, phase, regions, ruleWord } from "../words";
import { differences, type Difference, type Protocol } from "./diff";

/** "Série 2 · kV" */
export function pathWords(path: string): string {
  const series = /^series\[(\d+)\]\.?(.*)$/.exec(path);
  if (!series) return fieldWord(path);
  return t("protocol.series_n", { n: series[1]! }) + (series[2] ? ` · ${fieldWord(series[2])}` : "");
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/ml_s$/, "mL/s"], [/ml_per_kg$/, "mL/kg"], [/_ml$/, "mL"], [/mmol_kg$/, "mmol/kg"], [/mgi_ml$/, "mgI/mL"], [/_mm$/, "mm"], [/_s$/, "s"], [/\bkv$/, "kV"], [/mas$/, "mAs"],
];

/** "80 mL": a bare number with the unit of its field. */
function measured(path: string, value: string): string {
  const unit = /^-?[\d.]+$/.test(value) ? UNITS.find(([end]) => end.test(path))?.[1] : undefined;
  return unit ? `${number(Number(value))} ${unit}` : either(value);
}

export function Differences({ found }: { found: readonly Difference[] }) {
  return (
    <ul class="stack">
      {found.map((one) => (
        <li key={one.path}>
          {pathWords(one.path)} : {one.before ? <del>{measured(one.path, one.before)}</del> : <span class="muted">{t("protocol.was_empty")}</span>} → {one.after ? <mark>{measured(one.path, one.after)}</mark> : <span class="muted">{t("protocol.now_empty")}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Region, phases, contrast: what is read back. */
export function Critical({ protocol }: { protocol: Protocol }) {
  const contrast = protocol.contrast;
  const phases = [...new Set(protocol.series.map((series) => series.phase))].map(phase).join(" → ");
  return (
    <p class="critical">
      {modality(protocol.modality)} {regions(protocol.regions)}{protocol.laterality ? ` (${either(protocol.laterality)})` : ""}<br />
      {phases}<br />
      {contrast ? [
        contrast.volume_ml !== null ? `${number(contrast.volume_ml)} mL` : contrast.ml_per_kg !== null ? `${number(contrast.ml_per_kg)} mL/kg` : contrast.mmol_kg !== null ? `${number(contrast.mmol_kg)} mmol/kg` : "",
        contrast.rate_ml_s !== null ? `${number(contrast.rate_ml_s)} mL/s` : "",
      ].filter(Boolean).join(" · ") || either(contrast.agent) : <span class="muted">{t("protocol.no_contrast")}</span>}
    </p>
  );
}

function timing(series: Protocol["series"][number]): string {
  if (series.bolus_track) {
    const track = series.bolus_track;
    return t("protocol.bolus", { vessel: either(track.vessel), hu: number(track.threshold_hu), s: number(track.extra_delay_s) });
  }
  return series.delay_s !== null ? `${number(series.delay_s)} s` : "";
}

/** Every series with what the console asks for; wraps on a phone instead of scrolling. */
export function SeriesList({ protocol }: { protocol: Protocol }) {
  return (
    <ol class="series" aria-label={t("protocol.series")}>
      {protocol.series.map((series) => {
        const values = [
          [t("field.delay_s"), timing(series)],
          ["kV", series.kv === null ? "" : number(series.kv)],
          ["mAs", series.mas !== null ? number(series.mas) : series.ref_mas !== null ? t("protocol.ref_mas", { n: number(series.ref_mas) }) : ""],
          [t("field.sequence"), series.sequence], [t("field.plane"), series.plane],
          [t("field.slice_mm"), series.slice_mm === null ? "" : `${number(series.slice_mm)} mm`],
          [t("field.kernel"), series.kernel.map(either).join(", ")], [t("field.breath"), either(series.breath)],
        ].filter(([, value]) => value);
        return (
          <li key={series.n}>
            <b>{series.n}</b>
            <div>
              <b>{either(series.name)}</b> · {phase(series.phase)}{series.coverage ? <span class="muted"> · {either(series.coverage)}</span> : null}
              <div class="values">{values.map(([name, value]) => <span key={name}><span class="muted">{name}</span> {value}</span>)}</div>
              {series.note ? <p>{either(series.note)}</p> : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export function ProtocolDetails({ protocol }: { protocol: Protocol }) {
  const contrast = protocol.contrast;
  const lines: [string, string][] = [
    [t("field.position"), either(protocol.position)],
    [t("field.coverage"), either(protocol.coverage)],
    [t("field.contrast"), contrast ? [either(contrast.agent), contrast.concentration_mgi_ml ? `${number(contrast.concentration_mgi_ml)} mgI/mL` : "", contrast.saline_flush_ml ? t("protocol.flush", { n: number(contrast.saline_flush_ml) }) : "", contrast.gauge_min ? `≥ ${contrast.gauge_min}` : ""].filter(Boolean).join(" · ") : ""],
    [t("field.premedication"), either(protocol.premedication)],
    [t("field.instructions"), either(protocol.instructions)],
    [t("field.stop_conditions"), protocol.stop_conditions.split(". ").map(either).join(". ")],
    [t("field.release_rule"), either(protocol.release_rule)],
    [t("field.limits"), protocol.limits ? [protocol.limits.max_ctdivol_mgy ? `CTDIvol ≤ ${number(protocol.limits.max_ctdivol_mgy)} mGy` : "", protocol.limits.max_dlp_mgy_cm ? `DLP ≤ ${number(protocol.limits.max_dlp_mgy_cm)} mGy·cm` : "", either(protocol.limits.drl_ref)].filter(Boolean).join(" · ") : ""],
  ];
  return (
    <>
      <SeriesList protocol={protocol} />
      <dl class="facts">{lines.filter(([, words]) => words).map(([name, words]) => [<dt key={name}>{name}</dt>, <dd key={`${name}d`}>{words}</dd>])}</dl>
    </>
  );
}

/** What the rules say; beside a rule that was set aside, the reason given. */
export function Alerts({ alerts, overrides = [] }: {
  alerts: readonly { rule: string; level: string }[]; overrides?: readonly { rule: string; reason: string }[];
}) {
  return (
    <>{alerts.map((one) => {
      const reason = overrides.find((other) => other.rule === one.rule)?.reason;
      return (
        <p key={one.rule}>
          <span class="is-danger"><Icon name="alert" /> <b>{one.level === "override" ? t("rule.overridden") : t("rule.warns")}</b> {ruleWord(one.rule)}</span>
          {reason ? <><br /><span class="muted">{t("rule.reason", { reason })}</span></> : null}
        </p>
      );
    })}</>
  );
}

/** The version in force, with its acknowledgement or the lack of it. */
export function ProtocolCard({ state, open = true }: { state: RoomState; open?: boolean }) {
  const force = state.protocol;
  if (!force) return null;
  const ack = state.acknowledgement;
  const before = state.protocol_before;
  const found = before ? differences(before.protocol, force.protocol) : [];
  return (
    <article class={`card ${ack ? "ack" : "accent"}`} aria-label={t("protocol.version", { n: force.protocol.version })}>
      <header>
        <h3>{t("protocol.version", { n: force.protocol.version })}</h3>
        {ack ? <span class="chip ack"><Icon name="checks" />{t("protocol.read_by", { name: ack.given.name })} <At at={ack.given.at} /></span>
          : <span class="chip accent"><Icon name="eye" />{t("protocol.unread")}</span>}
      </header>
      {before ? <p><b>{ack ? t("protocol.replaces", { before: before.protocol.version }) : t("said.protocol.amended", { version: force.protocol.version, before: before.protocol.version })}</b>{force.reason ? ` ${force.reason}` : ""}</p> : null}
      {found.length ? <details open={!ack}><summary>{plural("protocol.changes", found.length)}</summary><Differences found={found} /></details> : null}
      <Critical protocol={force.protocol} />
      <Alerts alerts={force.alerts} overrides={force.protocol.overrides} />
      <details open={open}>
        <summary>{plural("protocol.series_count", force.protocol.series.length)}</summary>
        <ProtocolDetails protocol={force.protocol} />
      </details>
      <p class="muted small">{t("protocol.by", { name: force.issued.name })} · <At at={force.issued.at} /> · <span title={force.content_hash}>{t("protocol.hash", { hash: force.content_hash.slice(0, 8) })}</span></p>
    </article>
  );
}
