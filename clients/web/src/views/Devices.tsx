/** Alerts on this device: on, off, a trial; and what to do where the browser says no. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../components/Dialog";
import { Notice } from "../components/Notice";
import { call, core, Refused } from "../core";
import { alerted, switchOff, switchOn, trial, type Alerted } from "../core/push";
import { lang, t } from "../i18n";
import "../i18n/inside";
import { overlay } from "./overlay";

export function Devices() {
  const person = core.session.value?.person.id ?? "";
  const state = useSignal<Alerted | "">("");
  const busy = useSignal(false);
  const said = useSignal("");
  const wrong = useSignal(false);
  const run = async (what: () => Promise<void>): Promise<void> => {
    busy.value = true;
    said.value = "";
    wrong.value = false;
    try {
      await what();
    } catch (problem) {
      wrong.value = true;
      said.value = problem instanceof Refused ? problem.refusal[lang.value] : t("devices.service_refused");
    } finally {
      busy.value = false;
    }
  };
  const settle = (work: () => Promise<Alerted>) => () => void run(async () => void (state.value = await work()));
  const tryIt = (): void => void run(async () => {
    const outcome = await trial(call);
    wrong.value = outcome !== "sent";
    said.value = outcome === "sent" ? t("devices.trial_sent") : t("devices.trial_failed");
    if (outcome === "gone") state.value = await switchOff(call);
  });
  useEffect(settle(() => alerted(person)), [person]);
  const on = state.value === "on";
  const foot = (
    <>
      <button type="button" onClick={() => (overlay.value = "")}>{t("common.close")}</button>
      {on ? <button type="button" disabled={busy.value} onClick={tryIt}>{t("devices.trial")}</button> : null}
      {on ? <button type="button" disabled={busy.value} onClick={settle(() => switchOff(call))}>{t("devices.off")}</button> : null}
      {state.value === "off" ? (
        <button type="button" class="primary" disabled={busy.value} onClick={settle(() => switchOn(call, person, lang.value))}>{t("devices.on")}</button>
      ) : null}
    </>
  );
  return (
    <Dialog title={t("devices.title")} onClose={() => (overlay.value = "")} foot={foot}>
      <div class="stack">
        <p class="strong" data-alerted={state.value}>{state.value ? t(`devices.state.${state.value}`) : t("common.loading")}</p>
        {state.value === "denied" ? <p>{t("devices.denied_how")}</p> : null}
        {state.value === "unsupported" ? <p>{t("devices.unsupported_how")}</p> : null}
        {said.value ? <Notice icon={wrong.value ? "alert" : "bell"} live="polite"><p>{said.value}</p></Notice> : null}
      </div>
      <p class="muted">{t("devices.what")}</p>
    </Dialog>
  );
}
