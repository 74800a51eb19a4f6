/** The checks at the patient's side: every answer one tap, the unknown an answer, failures overridden. */
import { useSignal } from "@preact/signals";
import { Choice, TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Notice, Refused } from "../../../components/Notice";
import type { CommandBodies } from "../../../core";
import { list, t } from "../../../i18n";
import { actWord, checkWord, ruleWord } from "../../words";
import { ActButton } from "../ActButton";
import { checksFor } from "../checks";
import { Alerts } from "../ProtocolCard";
import { Overrides, withNamed, type Reasoned } from "./Overrides";
import type { ActForm } from "./form";
import { useKept } from "./kept";

type Answer = CommandBodies["checklist.complete"]["items"][number]["answer"];
const ANSWERS: readonly Answer[] = ["ok", "not_ok", "unknown", "na"];

export function Checklist({ room, state, give, refusal, busy, close }: ActForm) {
  const answers = useSignal<Record<string, Answer>>({});
  const notes = useKept<Record<string, string>>("notes", {});
  const overrides = useKept<Reasoned[]>("overrides", []);
  const tried = useSignal(false);
  const codes = checksFor(state);
  const open = codes.filter((code) => !answers.value[code]);
  const failed = codes.filter((code) => code !== "identity" && answers.value[code] === "not_ok").map((code) => ({ rule: `check.${code}`, reason: "" }));
  const shown = withNamed([...overrides.value.filter((one) => !one.rule.startsWith("check.") || failed.some((other) => other.rule === one.rule)), ...failed.filter((one) => !overrides.value.some((other) => other.rule === one.rule))], refusal);
  const unreasoned = shown.filter((one) => one.reason.trim().length < 3);
  const submit = (): void => {
    tried.value = true;
    if (open.length || unreasoned.length) return;
    void give("checklist.complete", {
      items: codes.map((code) => ({ code, answer: answers.value[code]!, note: notes.value[code]?.trim() ?? "" })),
      overrides: shown.map((one) => ({ rule: one.rule, reason: one.reason.trim() })),
    });
  };
  return (
    <Dialog
      title={t("check.title")} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy}>{actWord("checklist.complete")}</button></>}
    >
      {state.protocol ? <Alerts alerts={state.protocol.alerts} overrides={state.protocol.protocol.overrides} /> : null}
      <div class="stack">
        {codes.map((code) => (
          <div key={code} class="stack">
            <Choice<Answer>
              inline label={checkWord(code)} value={answers.value[code] ?? ""} wrong={tried.value && !answers.value[code] ? t("form.needed") : undefined}
              onPick={(answer) => (answers.value = { ...answers.value, [code]: answer })}
              options={ANSWERS.map((value) => ({ value, label: t(`check.answer.${value}`) }))}
            />
            {answers.value[code] === "not_ok" || answers.value[code] === "unknown" ? (
              <TextField label={t("check.note")} max={1000} value={notes.value[code] ?? ""} onInput={(v) => (notes.value = { ...notes.value, [code]: v })} />
            ) : null}
          </div>
        ))}
      </div>
      <Overrides list={shown} set={(next) => (overrides.value = next)} />
      {answers.value.identity === "not_ok" ? (
        <Notice tone="danger" live="assertive">
          <p><b>{ruleWord("check.identity")}</b> {t("check.identity_stops")}</p>
          <div><ActButton room={room} kind="incident.open" danger /></div>
        </Notice>
      ) : null}
      {tried.value && open.length ? <Notice live="polite"><p>{t("check.open")} {list(open.map(checkWord))}.</p></Notice> : null}
      {tried.value && !open.length && unreasoned.length ? <Notice live="polite"><p>{t("rule.needs_reason")}</p></Notice> : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
