/** Acts that need a sentence, a choice, or nothing but a yes: one table says what each asks. */
import { useSignal } from "@preact/signals";
import { Choice, TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Notice, Refused } from "../../../components/Notice";
import { core, type CommandBodies, type CommandKind, type RoomState } from "../../../core";
import { t, type Key } from "../../../i18n";
import { actWord } from "../../words";
import { memberName } from "../sentence";
import type { ActForm } from "./form";
import { useKept } from "./kept";

interface Ask {
  name: string;
  label: Key;
  required?: boolean;
  rows?: number;
  max?: number;
  choices?: readonly { value: string; label: Key }[];
}

const REASON: Ask = { name: "reason", label: "form.reason", required: true, rows: 2, max: 1000 };
const CATEGORIES = ["technical", "network", "scanner", "contrast_reaction", "identity", "other"] as const;

const ASKS: Partial<Record<CommandKind, readonly Ask[]>> = {
  "request.cancel": [REASON],
  "information.ask": [{ name: "question", label: "form.question", required: true, rows: 3, max: 2000 }],
  "information.answer": [{ name: "answer", label: "form.answer", required: true, rows: 3, max: 4000 }],
  "case.claim": [],
  "case.release": [REASON],
  "protocol.query": [
    { name: "reason", label: "form.query", required: true, rows: 3, max: 2000 },
    { name: "proposed", label: "form.proposed", max: 1000 },
  ],
  "protocol.answer": [
    { name: "accepted", label: "form.accepted", choices: [{ value: "yes", label: "query.accepted" }, { value: "no", label: "query.declined" }] },
    { name: "answer", label: "form.answer", required: true, rows: 3, max: 2000 },
  ],
  "acquisition.start": [{ name: "scanner", label: "form.scanner", max: 200 }],
  "incident.open": [
    { name: "category", label: "form.category", required: true, choices: CATEGORIES.map((value) => ({ value, label: `incident.${value}` as Key })) },
    { name: "text", label: "form.incident", required: true, rows: 3, max: 4000 },
  ],
  "incident.close": [{ name: "resolution", label: "form.resolution", required: true, rows: 3, max: 4000 }],
  "room.close": [{ ...REASON, required: false }],
  "room.reopen": [REASON],
  "member.remove": [{ ...REASON, required: false }],
  "message.retract": [{ ...REASON, required: false }],
};

/** What the act is about, in the words of the room. */
function context(kind: CommandKind, state: RoomState, about: ActForm["about"]): string {
  if (kind === "information.answer")
    return (state.questions.find((one) => one.asked.seq === about.seq) ?? state.questions.findLast((one) => !one.answered))?.question ?? "";
  if (kind === "protocol.answer") {
    const query = state.queries.find((one) => one.asked.seq === about.seq) ?? state.queries.findLast((one) => !one.answered);
    return query ? [query.reason, query.proposed].filter(Boolean).join(" → ") : "";
  }
  if (kind === "incident.close") return (state.incidents.find((one) => one.opened.seq === about.seq) ?? state.incidents[0])?.text ?? "";
  if (kind === "member.remove") return about.person ? memberName(about.person, state) : "";
  if (kind === "case.claim") return state.owner ? t("confirm.take_over", { name: state.owner.name }) : t("confirm.case.claim");
  if (kind === "acquisition.start") return t("confirm.acquisition.start", { version: state.protocol?.protocol.version ?? "" });
  if (kind === "room.close") return t("confirm.room.close");
  if (kind === "message.retract") return t("confirm.message.retract");
  return "";
}

/** The body, with the number that says what it is about. */
function bodyOf(kind: CommandKind, said: Record<string, string>, state: RoomState, about: ActForm["about"]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(said)) if (value.trim()) body[name] = value.trim();
  if (kind === "protocol.answer") {
    body.accepted = said.accepted === "yes" ? true : said.accepted === "no" ? false : null;
    if (about.seq) body.query_seq = about.seq;
  }
  if (kind === "information.answer" && about.seq) body.question_seq = about.seq;
  if (kind === "incident.close") body.incident_seq = about.seq ?? state.incidents[0]?.opened.seq ?? 1;
  if (kind === "member.remove") body.person = about.person;
  if (kind === "message.retract") body.seq = about.seq;
  return body;
}

export function SimpleAct({ kind, state, about, give, refusal, busy, close }: ActForm & { kind: CommandKind }) {
  const said = useKept<Record<string, string>>("said", {});
  const tried = useSignal(false);
  const asks = ASKS[kind] ?? [];
  const others = kind === "member.remove" && !about.person ? Object.entries(state.members).filter(([person]) => person !== core.session.value?.person.id) : [];
  const person = about.person ?? said.value.person;
  const missing = asks.filter((ask) => ask.required && !(said.value[ask.name] ?? "").trim());
  const words = context(kind, state, about);
  const submit = (): void => {
    tried.value = true;
    if (kind === "member.remove" && !person) return;
    if (!missing.length) void give(kind, bodyOf(kind, said.value, state, { ...about, person }) as unknown as CommandBodies[typeof kind]);
  };
  const set = (name: string, value: string): void => void (said.value = { ...said.value, [name]: value });
  return (
    <Dialog
      title={actWord(kind)} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy} autoFocus={!asks.length}>{actWord(kind)}</button></>}
    >
      {words ? <Notice><p class="pre">{words}</p></Notice> : null}
      {others.length ? (
        <Choice label={t("people.pick")} value={said.value.person ?? ""} wrong={tried.value && !person ? t("form.needed") : undefined} onPick={(v) => set("person", v)} options={others.map(([value, member]) => ({ value, label: member.name }))} />
      ) : null}
      {asks.map((ask, i) => {
        const wrong = tried.value && missing.includes(ask) ? t("form.needed") : undefined;
        const value = said.value[ask.name] ?? "";
        return ask.choices ? (
          <Choice key={ask.name} label={t(ask.label)} value={value} wrong={wrong} onPick={(v) => set(ask.name, v)} options={ask.choices.map((one) => ({ value: one.value, label: t(one.label) }))} />
        ) : (
          <TextField key={ask.name} label={t(ask.label)} value={value} rows={ask.rows} max={ask.max} wrong={wrong} required={ask.required} autoFocus={i === 0} onInput={(v) => set(ask.name, v)} />
        );
      })}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
