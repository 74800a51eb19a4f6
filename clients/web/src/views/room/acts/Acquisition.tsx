/** The end of the acquisition, or its breaking off: what was given is said, as the law wants it. */
import { useSignal } from "@preact/signals";
import { asNumber, Choice, TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Notice, Refused } from "../../../components/Notice";
import type { CommandBodies, RoomState } from "../../../core";
import { number, t } from "../../../i18n";
import { actWord, either } from "../../words";
import type { ActForm } from "./form";
import { useKept } from "./kept";

type Given = NonNullable<CommandBodies["acquisition.end"]["contrast_given"]>;

interface Dose {
  given: "yes" | "no" | "";
  agent: string;
  lot: string;
  volume: string;
  rate: string;
  why: string;
  reaction: string;
}

function start(state: RoomState): Dose {
  const contrast = state.protocol?.protocol.contrast;
  return { given: "", agent: contrast ? either(contrast.agent) : "", lot: "", volume: "", rate: "", why: "", reaction: "" };
}

function givenOf(dose: Dose): Given {
  if (dose.given !== "yes") return [];
  return [{ agent: dose.agent.trim(), lot: dose.lot.trim(), volume_ml: asNumber(dose.volume) ?? null, rate_ml_s: asNumber(dose.rate) ?? null, at: new Date().toISOString() }];
}

/** What is missing; "" where nothing is. */
function problem(dose: Dose, ordered: boolean): "given" | "agent" | "volume" | "why" | "" {
  if (!dose.given) return "given";
  if (dose.given === "yes") {
    if (!dose.agent.trim()) return "agent";
    if (typeof asNumber(dose.volume) !== "number") return "volume";
  } else if (ordered && !dose.why.trim()) return "why";
  return "";
}

function DoseFields({ dose, set, state, wrong }: { dose: Dose; set: (change: Partial<Dose>) => void; state: RoomState; wrong: string }) {
  const contrast = state.protocol?.protocol.contrast;
  const say = (name: string): string | undefined => (wrong === name ? t("form.needed") : undefined);
  return (
    <>
      {contrast ? <Notice><p>{t("acquisition.ordered")} <b>{either(contrast.agent)}{contrast.volume_ml !== null ? ` · ${number(contrast.volume_ml)} mL` : ""}{contrast.rate_ml_s !== null ? ` · ${number(contrast.rate_ml_s)} mL/s` : ""}</b></p></Notice> : null}
      <Choice
        label={t("acquisition.was_given")} value={dose.given} wrong={say("given")} onPick={(given) => set({ given })}
        options={[{ value: "yes" as const, label: t("answer.yes") }, { value: "no" as const, label: t("answer.no") }]}
      />
      {dose.given === "yes" ? (
        <div class="cols">
          <TextField label={t("acquisition.agent")} max={200} value={dose.agent} wrong={say("agent")} onInput={(agent) => set({ agent })} />
          <TextField label={t("acquisition.lot_label")} max={200} value={dose.lot} onInput={(lot) => set({ lot })} />
          <TextField label={t("readback.volume")} type="number" unit="mL" value={dose.volume} wrong={say("volume")} onInput={(volume) => set({ volume })} />
          <TextField label={t("readback.rate")} type="number" unit="mL/s" value={dose.rate} onInput={(rate) => set({ rate })} />
        </div>
      ) : dose.given === "no" && contrast ? (
        <TextField label={t("acquisition.why_none")} max={1000} value={dose.why} wrong={say("why")} onInput={(why) => set({ why })} />
      ) : null}
      <TextField label={t("acquisition.reaction_label")} hint={t("acquisition.reaction_hint")} max={1000} value={dose.reaction} onInput={(reaction) => set({ reaction })} />
    </>
  );
}

export function AcquisitionEnd({ state, give, refusal, busy, close }: ActForm) {
  const dose = useKept("dose", start(state));
  const series = state.protocol?.protocol.series ?? [];
  const done = useKept("done", series.map((one) => one.n));
  const note = useKept("note", "");
  const tried = useSignal(false);
  const missing = problem(dose.value, Boolean(state.protocol?.protocol.contrast));
  const submit = (): void => {
    tried.value = true;
    if (missing) return;
    void give("acquisition.end", {
      contrast_given: givenOf(dose.value), no_contrast_reason: dose.value.given === "no" ? dose.value.why.trim() : "",
      reaction: dose.value.reaction.trim(), series_done: done.value, note: note.value.trim(),
    });
  };
  return (
    <Dialog
      title={actWord("acquisition.end")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("acquisition.end")}</button></>}
    >
      <DoseFields dose={dose.value} set={(change) => (dose.value = { ...dose.value, ...change })} state={state} wrong={tried.value ? missing : ""} />
      <fieldset class="field">
        <legend>{t("acquisition.series_done")}</legend>
        {series.map((one) => (
          <label class="check" key={one.n}>
            <input type="checkbox" checked={done.value.includes(one.n)} onChange={() => (done.value = done.value.includes(one.n) ? done.value.filter((n) => n !== one.n) : [...done.value, one.n].sort((a, b) => a - b))} />
            <span>{one.n}. {either(one.name)}</span>
          </label>
        ))}
      </fieldset>
      <TextField label={t("acquisition.note")} max={1000} value={note.value} onInput={(v) => (note.value = v)} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}

export function AcquisitionAbort({ state, give, refusal, busy, close }: ActForm) {
  const dose = useKept<Dose>("dose", start(state));
  const reason = useKept("reason", "");
  const back = useKept<"protocolled" | "aborted" | "">("back", "");
  const tried = useSignal(false);
  const missing = problem({ ...dose.value, why: "-" }, false);
  const submit = (): void => {
    tried.value = true;
    if (!reason.value.trim() || missing || !back.value) return;
    void give("acquisition.abort", { reason: reason.value.trim(), back_to: back.value, contrast_given: givenOf(dose.value), reaction: dose.value.reaction.trim() });
  };
  return (
    <Dialog
      title={actWord("acquisition.abort")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="danger" disabled={busy}>{actWord("acquisition.abort")}</button></>}
    >
      <TextField label={t("form.reason")} rows={2} max={1000} value={reason.value} autoFocus wrong={tried.value && !reason.value.trim() ? t("form.needed") : undefined} onInput={(v) => (reason.value = v)} />
      <Choice
        label={t("acquisition.back_to")} value={back.value} wrong={tried.value && !back.value ? t("form.choose") : undefined} onPick={(value) => (back.value = value)}
        options={[{ value: "protocolled" as const, label: t("acquisition.back.protocolled") }, { value: "aborted" as const, label: t("acquisition.back.aborted") }]}
      />
      <DoseFields dose={dose.value} set={(change) => (dose.value = { ...dose.value, ...change })} state={state} wrong={tried.value ? missing : ""} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}
