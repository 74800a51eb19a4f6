/**
 * The report: sections, kept on the hub as they are typed, and on this device where the link is down.
 * What "saved" says is what the hub answered; never more.
 */
import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../../../components/Dialog";
import { TextField } from "../../../components/Field";
import { Notice, Refused } from "../../../components/Notice";
import { call, Refused as Refusal } from "../../../core";
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
const PAUSE_MS = 1500;
type Saved = { at: string } | "typing" | "lost" | "stale" | "";

interface Draft {
  version: number;
  draft?: { sections?: Partial<Sections>; no_dose_reason?: string } | null;
}

/** Keeps `text` as my draft on the hub, a moment after the last key; one request at a time. */
function useDraft(room: string, text: Signal<Partial<Sections>>, saved: Signal<Saved>, fill: (held: Partial<Sections>) => void) {
  const version = useRef(0);
  const busy = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const path = `/rooms/${encodeURIComponent(room)}/draft`;
  const save = async (): Promise<void> => {
    if (busy.current) return void (timer.current = setTimeout(save, PAUSE_MS));
    busy.current = true;
    const sent = text.peek();
    try {
      const kept = await call<{ version: number; saved_at: string }>("PUT", path, { version: version.current, draft: { sections: sent } });
      version.current = kept.version;
      saved.value = text.peek() === sent ? { at: kept.saved_at } : "typing";
    } catch (problem) {
      const stale = problem instanceof Refusal && problem.refusal.slug === "stale_after"; // another screen of mine was faster
      saved.value = stale ? "stale" : "lost";
      if (!stale) timer.current = setTimeout(save, PAUSE_MS * 2);
    }
    busy.current = false;
  };
  useEffect(() => {
    void call<Draft>("GET", path).then(
      (held) => {
        version.current = held.version;
        if (held.draft?.sections) fill(held.draft.sections);
      },
      () => void (saved.value = "lost"),
    );
    return () => clearTimeout(timer.current);
  }, [room]);
  return () => {
    saved.value = "typing";
    clearTimeout(timer.current);
    timer.current = setTimeout(save, PAUSE_MS);
  };
}

function SavedLine({ saved }: { saved: Saved }) {
  if (saved === "") return null;
  const words = saved === "typing" ? t("draft.saving") : saved === "lost" ? t("draft.not_saved") : saved === "stale" ? t("draft.elsewhere") : t("draft.saved_at", { at: clock(saved.at) });
  return <p class={`small ${typeof saved === "string" && saved !== "typing" ? "strong" : "muted"}`} role="status" data-draft={typeof saved === "string" ? saved : "saved"}>{words}</p>;
}

export function ReportEditor({ kind, room, state, give, refusal, busy, close }: ActForm & { kind: "report.issue" | "report.sign" }) {
  const text = useKept<Partial<Sections>>("sections", {});
  const noDose = useKept("no_dose_reason", "");
  const saved = useSignal<Saved>("");
  const tried = useSignal(false);
  const touch = useDraft(room.id, text, saved, (held) => {
    if (!Object.values(text.peek()).some((one) => one?.trim())) text.value = held;
  });
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
      <p class="row apart"><button type="button" onClick={prefill}>{t("report.prefill")}</button><SavedLine saved={saved.value} /></p>
      {NAMES.map((name) => (
        <TextField
          key={name} label={said(SECTIONS[name])} rows={ROWS[name] ?? 2} max={8000} value={text.value[name] ?? ""} autoFocus={name === "findings"}
          wrong={tried.value && name === "conclusion" && !conclusion ? t("form.needed") : undefined} onInput={(value) => set(name, value)}
        />
      ))}
      {kind === "report.sign" && !state.dose ? (
        <TextField label={t("report.no_dose_reason")} value={noDose.value} max={1000} wrong={tried.value && needsReason ? t("form.needed") : undefined} onInput={(value) => (noDose.value = value)} />
      ) : null}
      {kind === "report.sign" ? <Notice><p>{t("report.sign_confirm")}</p></Notice> : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
