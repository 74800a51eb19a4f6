/** The legal act of justification: accept, replace by another examination, or refuse with a reason. */
import { useSignal } from "@preact/signals";
import { Choice, TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Refused } from "../../../components/Notice";
import { t } from "../../../i18n";
import { actWord, modality } from "../../words";
import { RequestFacts } from "../RequestCard";
import type { ActForm } from "./form";
import { useKept } from "./kept";

type Decision = "accept" | "substitute" | "refuse";

export function Justify({ state, give, refusal, busy, close }: ActForm) {
  const decision = useKept<Decision | "">("decision", ""); // a decision is never made beforehand
  const reason = useKept("reason", "");
  const other = useKept("other", "");
  const guideline = useKept("guideline", "");
  const tried = useSignal(false);
  const needsReason = decision.value !== "" && decision.value !== "accept" && !reason.value.trim();
  const needsOther = decision.value === "substitute" && !other.value;
  const submit = (): void => {
    tried.value = true;
    if (!decision.value || needsReason || needsOther) return;
    void give("justification.decide", {
      decision: decision.value, reason: reason.value.trim(), guideline: guideline.value.trim(),
      substitute_modality: decision.value === "substitute" ? other.value : "",
    });
  };
  return (
    <Dialog
      title={actWord("justification.decide")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{decision.value ? t(`decision.do.${decision.value}`) : actWord("justification.decide")}</button></>}
    >
      {state.request ? <details><summary>{state.request.clinical_question}</summary><RequestFacts request={state.request} /></details> : null}
      <Choice<Decision>
        label={t("form.decision")} value={decision.value} wrong={tried.value && !decision.value ? t("form.choose") : undefined} onPick={(value) => (decision.value = value)}
        options={(["accept", "substitute", "refuse"] as const).map((value) => ({ value, label: t(`decision.${value}`) }))}
      />
      {decision.value === "substitute" ? (
        <Choice
          label={t("form.substitute")} value={other.value} wrong={tried.value && needsOther ? t("form.choose") : undefined} onPick={(value) => (other.value = value)}
          options={["MR", "US", "CT", "DX", "NM"].map((value) => ({ value, label: modality(value) }))}
        />
      ) : null}
      <TextField label={t("form.reason")} rows={2} max={1000} value={reason.value} onInput={(v) => (reason.value = v)} wrong={tried.value && needsReason ? t("form.needed") : undefined} />
      <TextField label={t("form.guideline")} max={200} value={guideline.value} onInput={(v) => (guideline.value = v)} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}
