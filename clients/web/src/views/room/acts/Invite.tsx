/** People: invite somebody into the room, or offer the exam to a colleague. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Refused } from "../../../components/Notice";
import { core, type PersonFound, type Role } from "../../../core";
import { t } from "../../../i18n";
import { siteName } from "../../sites";
import { actWord, role } from "../../words";
import type { ActForm } from "./form";
import { useKept } from "./kept";

/** Search as you type; the last question asked is the one answered. */
export function PeopleSearch({ only, picked, onPick, wrong }: { only?: readonly Role[]; picked: PersonFound | null; onPick: (one: PersonFound) => void; wrong?: string }) {
  const asked = useSignal("");
  const found = useSignal<PersonFound[]>([]);
  const failed = useSignal(false);
  useEffect(() => {
    let last = true;
    const timer = setTimeout(() => {
      core.people(asked.value.trim()).then(
        (people) => {
          if (!last) return;
          failed.value = false;
          found.value = only ? people.filter((one) => only.includes(one.role)) : people;
        },
        () => last && (failed.value = true),
      );
    }, asked.value ? 200 : 0);
    return () => {
      last = false;
      clearTimeout(timer);
    };
  }, [asked.value]);
  return (
    <>
      <TextField label={t("people.search")} type="search" autoFocus value={asked.value} wrong={wrong} onInput={(v) => (asked.value = v)} />
      <div class="stack" role="radiogroup" aria-label={t("people.found")} style={{ maxHeight: "40vh", overflow: "auto" }}>
        {found.value.map((one) => (
          <label key={`${one.person}${one.role}`} class="check">
            <input type="radio" name="person" checked={picked?.person === one.person && picked.role === one.role} onChange={() => onPick(one)} />
            <span><b>{one.name}</b> · {role(one.role)} · <span class="muted">{one.site_name || siteName(one.site)}</span></span>
          </label>
        ))}
      </div>
      <p class="muted" role="status">{failed.value ? t("people.failed") : found.value.length ? "" : t("people.nobody")}</p>
    </>
  );
}

export function Invite({ give, refusal, busy, close }: ActForm) {
  const who = useSignal<PersonFound | null>(null);
  const question = useKept("question", "");
  const tried = useSignal(false);
  const submit = (): void => {
    tried.value = true;
    if (who.value) void give("member.invite", { person: who.value.person, role: who.value.role, name: who.value.name, site: who.value.site, question: question.value.trim() });
  };
  return (
    <Dialog
      title={actWord("member.invite")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("member.invite")}</button></>}
    >
      <PeopleSearch picked={who.value} onPick={(one) => (who.value = one)} wrong={tried.value && !who.value ? t("people.pick") : undefined} />
      <TextField label={t("form.invite_question")} rows={2} max={1000} value={question.value} onInput={(v) => (question.value = v)} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}

export function Reassign({ give, refusal, busy, close }: ActForm) {
  const who = useSignal<PersonFound | null>(null);
  const reason = useKept("reason", "");
  const tried = useSignal(false);
  const submit = (): void => {
    tried.value = true;
    if (who.value && reason.value.trim()) void give("case.reassign", { to: who.value.person, reason: reason.value.trim() });
  };
  return (
    <Dialog
      title={actWord("case.reassign")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("case.reassign")}</button></>}
    >
      <p>{t("confirm.case.reassign")}</p>
      <PeopleSearch only={["radiologist", "regulator"]} picked={who.value} onPick={(one) => (who.value = one)} wrong={tried.value && !who.value ? t("people.pick") : undefined} />
      <TextField label={t("form.reason")} rows={2} max={1000} value={reason.value} wrong={tried.value && !reason.value.trim() ? t("form.needed") : undefined} onInput={(v) => (reason.value = v)} />
      <Refused refusal={refusal} />
    </Dialog>
  );
}
