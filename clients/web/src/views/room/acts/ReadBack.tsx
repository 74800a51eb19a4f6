/** Reading the protocol back: the critical values tapped or typed, never filled in beforehand. */
import { useSignal } from "@preact/signals";
import { TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Notice, Refused } from "../../../components/Notice";
import { list, t } from "../../../i18n";
import { asNumber } from "../../../components/Field";
import { actWord, phase, region } from "../../words";
import { Alerts, Critical, Differences, ProtocolDetails } from "../ProtocolCard";
import { differences } from "../diff";
import { checked, fieldsOf, NOTHING_READ, phasesOf, readBackOf, type Read, type ReadField } from "../readback";
import type { ActForm } from "./form";
import { useKept } from "./kept";

const REGIONS = ["head", "neck", "face", "cervical spine", "thoracic spine", "lumbar spine", "chest", "abdomen", "pelvis"];
const PHASES = ["non-contrast", "arterial", "pulmonary arterial", "portal", "delayed", "perfusion", "post-contrast"];

/** All the answers there could be, in the order of the alphabet: the place gives nothing away. */
function offered(common: readonly string[], wanted: readonly string[], words: (code: string) => string): string[] {
  return [...new Set([...common, ...wanted])].sort((a, b) => words(a).localeCompare(words(b)));
}

function Taps({ label, codes, words, picked, wrong, onPick }: {
  label: string; codes: readonly string[]; words: (code: string) => string; picked: readonly string[]; wrong?: string; onPick: (codes: string[]) => void;
}) {
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div class="choice">
        {codes.map((code) => (
          <label key={code}>
            <input type="checkbox" checked={picked.includes(code)} onChange={() => onPick(picked.includes(code) ? picked.filter((one) => one !== code) : [...picked, code])} />
            <span>{words(code)}</span>
          </label>
        ))}
      </div>
      {wrong ? <span class="wrong" role="alert">{wrong}</span> : null}
    </fieldset>
  );
}

export function ReadBack({ state, give, refusal, busy, close }: ActForm) {
  const read = useSignal<Read>(NOTHING_READ);
  const scanner = useKept("scanner", "");
  const eta = useKept("eta", "");
  const tried = useSignal(false);
  const force = state.protocol;
  if (!force) return null;
  const protocol = force.protocol;
  const { unread, different } = checked(protocol, read.value);
  const wanted = fieldsOf(protocol);
  const set = (change: Partial<Read>): void => void (read.value = { ...read.value, ...change });
  const wrong = (name: ReadField): string | undefined =>
    !tried.value ? undefined : unread.includes(name) ? t("readback.unread") : different.includes(name) ? t("readback.differs") : undefined;
  const submit = (): void => {
    tried.value = true;
    if (unread.length || different.length) return;
    const minutes = asNumber(eta.value);
    void give("protocol.acknowledge", {
      version: protocol.version, content_hash: force.content_hash, read_back: readBackOf(protocol, read.value) as never,
      scanner: scanner.value.trim(), eta_min: typeof minutes === "number" ? Math.round(minutes) : null,
    });
  };
  const found = state.protocol_before ? differences(state.protocol_before.protocol, protocol) : [];
  return (
    <Dialog
      title={t("readback.title", { n: protocol.version })} onClose={close} onSubmit={submit} busy={busy} wide
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("protocol.acknowledge")}</button></>}
    >
      <div class="card accent">
        <Critical protocol={protocol} />
        <Alerts alerts={force.alerts} overrides={protocol.overrides} />
        {found.length ? <Differences found={found} /> : null}
        <details><summary>{t("readback.whole")}</summary><ProtocolDetails protocol={protocol} /></details>
      </div>
      <p>{t("readback.how")}</p>
      <Taps label={t("readback.regions")} codes={offered(REGIONS, protocol.regions, region)} words={region} picked={read.value.regions} wrong={wrong("regions")} onPick={(codes) => set({ regions: codes })} />
      <Taps label={t("readback.phases")} codes={offered(PHASES, phasesOf(protocol), phase)} words={phase} picked={read.value.phases} wrong={wrong("phases")} onPick={(codes) => set({ phases: codes })} />
      {wanted.includes("volume") || wanted.includes("rate") ? (
        <div class="cols">
          {wanted.includes("volume") ? <TextField label={t("readback.volume")} type="number" unit="mL" value={read.value.volume} wrong={wrong("volume")} onInput={(volume) => set({ volume })} /> : null}
          {wanted.includes("rate") ? <TextField label={t("readback.rate")} type="number" unit="mL/s" value={read.value.rate} wrong={wrong("rate")} onInput={(rate) => set({ rate })} /> : null}
        </div>
      ) : null}
      <div class="cols">
        <TextField label={t("form.scanner")} max={200} value={scanner.value} onInput={(v) => (scanner.value = v)} />
        <TextField label={t("readback.eta")} type="number" unit="min" value={eta.value} onInput={(v) => (eta.value = v)} />
      </div>
      {tried.value && (unread.length || different.length) ? (
        <Notice tone={different.length ? "danger" : "plain"} live="assertive">
          <p>{different.length ? t("readback.stop", { fields: list(different.map((name) => t(`readback.${name}`))) }) : t("readback.missing", { fields: list(unread.map((name) => t(`readback.${name}`))) })}</p>
        </Notice>
      ) : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
