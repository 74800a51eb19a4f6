/** The radiologist's protocol: a template in one tap, every field open to change, then sent as version n+1. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Icon } from "../../../components/Icon";
import { Notice, Refused } from "../../../components/Notice";
import { core } from "../../../core";
import { list, plural, said, t } from "../../../i18n";
import { region } from "../../words";
import { differences } from "../diff";
import { Differences } from "../ProtocolCard";
import { RequestFacts } from "../RequestCard";
import type { ActForm } from "./form";
import { asProtocol, nextVersion, offered, problemsOf, ranked, startOf, withTemplate, type Offered, type ProtocolBody } from "./draftProtocol";
import { Overrides, withNamed } from "./Overrides";
import { ContrastFields, SeriesList } from "./SeriesFields";
import { useKept } from "./kept";

const REGIONS = ["head", "neck", "face", "cervical spine", "thoracic spine", "lumbar spine", "chest", "abdomen", "pelvis", "limb"];

function Templates({ found, failed, chosen, onPick }: { found: readonly Offered[]; failed: boolean; chosen: string; onPick: (one: Offered) => void }) {
  if (failed) return <Notice icon="offline"><p>{t("editor.no_library")}</p></Notice>;
  return (
    <section class="stack" aria-labelledby="templates">
      <h3 id="templates">{t("editor.templates")}</h3>
      <div class="row">
        {found.map((one) => (
          <button key={one.code} type="button" aria-pressed={chosen === one.code} onClick={() => onPick(one)} data-template={one.code}>{said(one.name)}</button>
        ))}
      </div>
      {found.find((one) => one.code === chosen)?.example ? <p class="muted small"><Icon name="alert" /> {t("editor.example")}</p> : null}
    </section>
  );
}

function Regions({ picked, set }: { picked: readonly string[]; set: (regions: string[]) => void }) {
  return (
    <fieldset class="field">
      <legend>{t("request.region")}</legend>
      <div class="choice">
        {[...new Set([...REGIONS, ...picked])].map((code) => (
          <label key={code}>
            <input type="checkbox" checked={picked.includes(code)} onChange={() => set(picked.includes(code) ? picked.filter((one) => one !== code) : [...picked, code])} />
            <span>{region(code)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Texts({ body, set }: { body: ProtocolBody; set: (change: Partial<ProtocolBody>) => void }) {
  const line = (name: "laterality" | "coverage" | "position" | "premedication" | "release_rule", max: number) => (
    <TextField label={t(`field.${name}`)} max={max} value={body[name] ?? ""} onInput={(value) => set({ [name]: value })} />
  );
  const area = (name: "instructions" | "stop_conditions", max: number) => (
    <TextField label={t(`field.${name}`)} rows={2} max={max} value={body[name] ?? ""} onInput={(value) => set({ [name]: value })} />
  );
  return (
    <>
      {area("instructions", 8000)}
      {area("stop_conditions", 1000)}
      <details>
        <summary>{t("editor.more")}</summary>
        <div class="cols">{line("laterality", 200)}{line("coverage", 200)}{line("position", 200)}{line("premedication", 1000)}{line("release_rule", 1000)}</div>
      </details>
    </>
  );
}

export function ProtocolEditor({ state, give, refusal, busy, close, kind }: ActForm & { kind: "protocol.issue" | "protocol.amend" }) {
  const amend = kind === "protocol.amend";
  const body = useKept<ProtocolBody>("body", startOf(state, amend));
  const reason = useKept("reason", "");
  const templates = useSignal<Offered[]>([]);
  const failed = useSignal(false);
  const tried = useSignal(false);
  useEffect(() => {
    core.templates(body.value.modality, state.site).then(
      (found) => (templates.value = ranked(offered(found), state.request?.region ?? [])),
      () => (failed.value = true),
    );
  }, []);
  const set = (change: Partial<ProtocolBody>): void => void (body.value = { ...body.value, ...change });
  const overrides = withNamed((body.value.overrides ?? []).map((one) => ({ rule: one.rule, reason: one.reason })), refusal);
  const whole: ProtocolBody = { ...body.value, version: nextVersion(state), overrides };
  const found = problemsOf(whole);
  const changes = amend && state.protocol ? differences(state.protocol.protocol, asProtocol(whole)) : [];
  const submit = (): void => {
    tried.value = true;
    if (found.length) return;
    if (amend) void give("protocol.amend", { ...whole, reason: reason.value.trim() });
    else void give("protocol.issue", whole);
  };
  return (
    <Dialog
      title={t(amend ? "editor.amend" : "editor.issue", { n: whole.version })} onClose={close} onSubmit={submit} busy={busy} wide
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}><Icon name="send" />{t("editor.send", { n: whole.version })}</button></>}
    >
      {state.request ? <details><summary>{state.request.clinical_question}</summary><RequestFacts request={state.request} /></details> : null}
      <Templates found={templates.value} failed={failed.value} chosen={body.value.template ?? ""} onPick={(one) => (body.value = withTemplate(body.value, one))} />
      <Regions picked={body.value.regions} set={(regions) => set({ regions })} />
      <SeriesList series={body.value.series} mr={body.value.modality === "MR"} set={(series) => set({ series })} />
      <ContrastFields contrast={body.value.contrast ?? null} mr={body.value.modality === "MR"} set={(contrast) => set({ contrast })} />
      <Texts body={body.value} set={set} />
      {amend ? (
        <>
          <TextField label={t("editor.reason")} max={1000} value={reason.value} onInput={(v) => (reason.value = v)} />
          <section class="card accent"><h3>{plural("protocol.changes", changes.length)}</h3><Differences found={changes} /></section>
        </>
      ) : null}
      <Overrides list={overrides} set={(next) => set({ overrides: next })} />
      {tried.value && found.length ? <Notice live="polite"><p>{t("editor.missing")} {list(found.map((one) => t(`editor.problem.${one}`)))}.</p></Notice> : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
