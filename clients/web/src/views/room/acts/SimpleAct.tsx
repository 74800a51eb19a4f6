/** Acts that need a few words, a choice, a number, or nothing but a yes: `asks.ts` says what each asks. */
import { useSignal } from "@preact/signals";
import { Choice, TextField } from "../../../components/Field";
import { Dialog } from "../../../components/Dialog";
import { Notice, Refused } from "../../../components/Notice";
import { core, type CommandBodies, type CommandKind } from "../../../core";
import { t } from "../../../i18n";
import { actWord } from "../../words";
import { asks, bodyOf, context, notNumbers } from "./asks";
import type { ActForm } from "./form";
import { useKept } from "./kept";

export function SimpleAct({ kind, state, about, give, refusal, busy, close }: ActForm & { kind: CommandKind }) {
  const said = useKept<Record<string, string>>("said", {});
  const tried = useSignal(false);
  const asked = asks(kind, state, core.session.value?.person.id ?? "");
  const others = kind === "member.remove" && !about.person ? Object.entries(state.members).filter(([person]) => person !== core.session.value?.person.id) : [];
  const person = about.person ?? said.value.person;
  const missing = asked.filter((ask) => ask.required && !(said.value[ask.name] ?? "").trim());
  const odd = notNumbers(asked, said.value);
  const words = context(kind, state, about);
  const submit = (): void => {
    tried.value = true;
    if (kind === "member.remove" && !person) return;
    if (!missing.length && !odd.length) void give(kind, bodyOf(kind, said.value, state, { ...about, person }, asked) as unknown as CommandBodies[typeof kind]);
  };
  const set = (name: string, value: string): void => void (said.value = { ...said.value, [name]: value });
  return (
    <Dialog
      title={actWord(kind)} onClose={close} onSubmit={submit} busy={busy}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy} autoFocus={!asked.length}>{actWord(kind)}</button></>}
    >
      {words ? <Notice><p class="pre">{words}</p></Notice> : null}
      {others.length ? (
        <Choice label={t("people.pick")} value={said.value.person ?? ""} wrong={tried.value && !person ? t("form.needed") : undefined} onPick={(v) => set("person", v)} options={others.map(([value, member]) => ({ value, label: member.name }))} />
      ) : null}
      {asked.map((ask, i) => {
        const wrong = !tried.value ? undefined : odd.includes(ask.name) ? t("form.number_needed") : missing.includes(ask) ? t("form.needed") : undefined;
        const value = said.value[ask.name] ?? "";
        return ask.choices ? (
          <Choice key={ask.name} label={t(ask.label)} value={value} wrong={wrong} onPick={(v) => set(ask.name, v)} options={ask.choices} />
        ) : (
          <TextField
            key={ask.name} label={t(ask.label)} value={value} rows={ask.rows} max={ask.max} unit={ask.unit} type={ask.number ? "number" : "text"} wrong={wrong}
            required={ask.required} autoFocus={i === 0} onInput={(v) => set(ask.name, v)}
          />
        );
      })}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
