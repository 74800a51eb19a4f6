/** Amending the request: the same form, filled with what stands, and a reason. */
import { useSignal } from "@preact/signals";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Refused } from "../../../components/Notice";
import { core } from "../../../core";
import { t } from "../../../i18n";
import { actWord } from "../../words";
import { bodyOf, EMPTY, formOf, problems, type Form } from "../../request/body";
import { FormParts, Missing, restUnknown } from "../../request/RequestForm";
import type { ActForm } from "./form";
import { useKept } from "./kept";

export function AmendRequest({ state, give, refusal, busy, close }: ActForm) {
  const form = useKept<Form>("form", state.request ? formOf(state.request) : EMPTY);
  const reason = useKept("reason", "");
  const tried = useSignal(false);
  const found = problems(form.value, core.now.peek());
  const submit = (): void => {
    tried.value = true;
    if (found.needed.length || found.wrong.length || found.future.length || !state.request) return;
    const before = state.request;
    void give("request.amend", {
      ...before, ...bodyOf(form.value), site: before.site, reason: reason.value.trim(),
      labs: { ...before.labs, ...bodyOf(form.value).labs },
    });
  };
  return (
    <Dialog
      title={actWord("request.amend")} onClose={close} onSubmit={submit} busy={busy} wide
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("request.amend")}</button></>}
    >
      <TextField label={t("form.reason")} max={1000} value={reason.value} onInput={(v) => (reason.value = v)} />
      <FormParts form={form.value} set={(change) => (form.value = { ...form.value, ...change })} tried={tried.value} />
      <Missing found={found} onRestUnknown={() => (form.value = restUnknown(form.value))} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}
