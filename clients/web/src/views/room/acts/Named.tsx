/** Acts for one named person: a second opinion, a handover. */
import { useSignal } from "@preact/signals";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Notice, Refused } from "../../../components/Notice";
import type { PersonFound, Role } from "../../../core";
import { t } from "../../../i18n";
import { actWord } from "../../words";
import type { ActForm } from "./form";
import { PeopleSearch } from "./Invite";
import { useKept } from "./kept";

const ADVISERS: readonly Role[] = ["subspecialist", "radiologist", "regulator"];

export function OpinionAsk({ give, refusal, busy, close }: ActForm) {
  const who = useSignal<PersonFound | null>(null);
  const question = useKept("question", "");
  const tried = useSignal(false);
  const asked = question.value.trim();
  const submit = (): void => {
    tried.value = true;
    if (who.value && asked.length > 2) void give("opinion.ask", { to: who.value.person, question: asked });
  };
  return (
    <Dialog
      title={actWord("opinion.ask")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("opinion.ask")}</button></>}
    >
      <TextField label={t("form.invite_question")} rows={3} max={2000} required value={question.value} wrong={tried.value && asked.length < 3 ? t("form.needed") : undefined} onInput={(v) => (question.value = v)} />
      <PeopleSearch only={ADVISERS} picked={who.value} onPick={(one) => (who.value = one)} wrong={tried.value && !who.value ? t("people.pick") : undefined} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}

export function HandoverOffer({ give, refusal, busy, close }: ActForm) {
  const who = useSignal<PersonFound | null>(null);
  const note = useKept("note", "");
  const tried = useSignal(false);
  const submit = (): void => {
    tried.value = true;
    if (who.value) void give("handover.offer", { to: who.value.person, note: note.value.trim() });
  };
  return (
    <Dialog
      title={actWord("handover.offer")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("handover.offer")}</button></>}
    >
      <Notice><p>{t("confirm.handover.offer")}</p></Notice>
      <PeopleSearch picked={who.value} onPick={(one) => (who.value = one)} wrong={tried.value && !who.value ? t("people.pick") : undefined} />
      <TextField label={t("form.note")} rows={2} max={1000} value={note.value} onInput={(v) => (note.value = v)} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}
