/**
 * The report: sections, kept on the hub as they are typed, and on this device where the link is down.
 * What "saved" says is what the hub answered; never more.
 */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Notice, Refused } from "../../../components/Notice";
import { call } from "../../../core";
import { DraftKeeper, type Saved } from "../../../core/draftkeeper";
import { sections as SECTIONS } from "../../../generated/tables.json";
import type { Sections } from "../../../generated/wire";
import { lang, said, t } from "../../../i18n";
import { clock } from "../../../i18n/time";
import { actWord } from "../../words";
import type { ActForm } from "./form";
import { useKept } from "./kept";

type Name = keyof Sections;
const NAMES = Object.keys(SECTIONS) as Name[];
const ROWS: Partial<Record<Name, number>> = { findings: 8, conclusion: 4 };
const path = (room: string): string => `/rooms/${encodeURIComponent(room)}/draft`;

function SavedLine({ saved, onChoose }: { saved: Saved; onChoose: (mine: boolean) => void }) {
  if (saved === "" || saved === "opening") return null;
  if (saved === "other")
    return (
      <Notice>
        <p role="alert">{t("draft.elsewhere")}</p>
        <p class="row"><button type="button" onClick={() => onChoose(true)}>{t("draft.keep_mine")}</button><button type="button" onClick={() => onChoose(false)}>{t("draft.take_other")}</button></p>
      </Notice>
    );
  const words = saved === "typing" ? t("draft.saving") : saved === "lost" ? t("draft.not_saved") : t("draft.saved_at", { at: clock(saved.at) });
  return <p class={`small ${saved === "lost" ? "strong" : "muted"}`} role="status" data-draft={typeof saved === "string" ? saved : "saved"}>{words}</p>;
}

export function ReportEditor({ kind, room, state, give, refusal, busy, close }: ActForm & { kind: "report.issue" | "report.sign" }) {
  const text = useKept<Partial<Sections>>("sections", {});
  const noDose = useKept("no_dose_reason", "");
  const saved = useSignal<Saved>("");
  const tried = useSignal(false);
  const keeper = useRef<DraftKeeper | null>(null);
  useEffect(() => {
    const held = new DraftKeeper(
      (method, body) => call(method, path(room.id), body), { sections: text.peek(), no_dose_reason: noDose.peek() },
      (now) => (saved.value = now),
      (found) => ((text.value = found.sections), (noDose.value = found.no_dose_reason)),
    );
    keeper.current = held;
    void held.open();
    return () => held.close();
  }, [room.id]);
  const touch = (): void => keeper.current?.change({ sections: text.peek(), no_dose_reason: noDose.peek() });
  const conclusion = (text.value.conclusion ?? "").trim();
  const needsReason = kind === "report.sign" && !state.dose && !noDose.value.trim();
  const set = (name: Name, value: string): void => {
    text.value = { ...text.value, [name]: value };
    touch();
  };
  /** What the room knows already, into the sections that are empty. */
  const prefill = (): void =>
    void call<{ sections: Partial<Sections> }>("GET", `/rooms/${encodeURIComponent(room.id)}/report/prefill?lang=${lang.value}`).then(
      ({ sections }) => {
        const filled = { ...text.value };
        for (const name of NAMES) if (!filled[name]?.trim() && sections[name]) filled[name] = sections[name];
        text.value = filled;
        touch();
      },
      () => void (saved.value = "lost"),
    );
  const submit = (): void => {
    tried.value = true;
    if (!conclusion || needsReason) return;
    const full = Object.fromEntries(NAMES.map((name) => [name, (text.value[name] ?? "").trim()])) as unknown as Sections;
    void give(kind, { sections: full, lang: lang.value, no_dose_reason: noDose.value.trim() });
  };
  return (
    <Dialog
      title={actWord(kind)} onClose={close} onSubmit={submit} busy={busy} wide
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord(kind)}</button></>}
    >
      <p class="row apart"><button type="button" onClick={prefill}>{t("report.prefill")}</button><SavedLine saved={saved.value} onChoose={(mine) => keeper.current?.choose(mine)} /></p>
      {NAMES.map((name) => (
        <TextField
          key={name} label={said(SECTIONS[name])} rows={ROWS[name] ?? 2} max={8000} value={text.value[name] ?? ""} autoFocus={name === "findings"}
          wrong={tried.value && name === "conclusion" && !conclusion ? t("form.needed") : undefined} onInput={(value) => set(name, value)}
        />
      ))}
      {kind === "report.sign" && !state.dose ? (
        <TextField label={t("report.no_dose_reason")} value={noDose.value} max={1000} wrong={tried.value && needsReason ? t("form.needed") : undefined} onInput={(value) => ((noDose.value = value), touch())} />
      ) : null}
      {kind === "report.sign" ? <Notice><p>{t("report.sign_confirm")}</p></Notice> : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
