/** A new request: two minutes, what is missing said before sending, the draft kept over a reload. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../../components/Icon";
import { Notice, Refused } from "../../components/Notice";
import { core, type Refusal } from "../../core";
import { list, t, type Key } from "../../i18n";
import "../../i18n/inside";
import { unanswered } from "../toasts";
import { bodyOf, draftOf, EMPTY, problems, type FieldName, type Form, type Problems } from "./body";
import { Ready, Risks, What, Who } from "./Sections";

const DRAFT = "request.new";

const named = (names: readonly FieldName[]): string => list(names.map((name) => t(`request.${name}` as Key)));

/** What is said before sending: what stops it, and what it leaves open. */
export function Missing({ found, onRestUnknown }: { found: Problems; onRestUnknown: () => void }) {
  const stops = [...found.needed, ...found.wrong, ...found.future];
  return (
    <div class="stack" aria-live="polite">
      {stops.length ? <Notice icon="edit"><p><b>{t("request.stops")}</b> {named(stops)}.</p></Notice> : null}
      {found.unsaid.length ? (
        <Notice icon="talk">
          <p>{t("request.unsaid")} {named(found.unsaid)}.</p>
          <div><button type="button" onClick={onRestUnknown}>{t("request.rest_unknown")}</button></div>
        </Notice>
      ) : null}
      {found.unknown.length ? <p class="muted">{t("request.unknown")} {named(found.unknown)}.</p> : null}
    </div>
  );
}

/** The unsaid answers that know "unknown", answered so. */
export function restUnknown(form: Form): Form {
  const answered = { ...form };
  for (const name of ["allergy", "renal", "metformin", "pregnancy", "implants", "gauge", "information"] as const)
    if (!answered[name]) answered[name] = "unknown";
  return answered;
}

/** The four parts, wired to a form that somebody else keeps. */
export function FormParts({ form, set, tried }: { form: Form; set: (change: Partial<Form>) => void; tried: boolean }) {
  const found = problems(form, core.now.peek());
  const wrong = (name: FieldName): string | undefined =>
    found.wrong.includes(name) ? t("request.no_number") : found.future.includes(name) ? t("request.future") : tried && found.needed.includes(name) ? t("request.needed") : undefined;
  const part = { form, set, wrong };
  return <><What {...part} /><Who {...part} /><Risks {...part} /><Ready {...part} /></>;
}

export function RequestForm() {
  const form = useSignal<Form>(draftOf(core.draft(DRAFT)));
  const tried = useSignal(false);
  const busy = useSignal(false);
  const refusal = useSignal<Refusal | null>(null);
  const box = useRef<HTMLFormElement>(null);
  const set = (change: Partial<Form>): void => {
    form.value = { ...form.value, ...change };
    core.keepDraft(DRAFT, JSON.stringify(form.value));
  };
  const found = problems(form.value, core.now.peek());
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    tried.value = true;
    if (found.needed.length || found.wrong.length || found.future.length) {
      requestAnimationFrame(() => box.current?.querySelector(".wrong")?.closest(".field")?.querySelector<HTMLElement>("input, textarea")?.focus());
      return;
    }
    busy.value = true;
    const outcome = await core.submitRequest(bodyOf(form.value));
    busy.value = false;
    if (!outcome.ok && outcome.refusal) {
      refusal.value = outcome.refusal;
      return;
    }
    form.value = EMPTY;
    core.keepDraft(DRAFT, "");
    if (outcome.ok) core.go({ page: "room", room: outcome.room });
    else {
      unanswered(outcome.kept === true);
      core.go({ page: "worklist" });
    }
  };
  const site = core.session.value?.person.site_name;
  return (
    <main class="page narrow" id="main" tabIndex={-1}>
      <div class="row apart">
        <h1>{t("request.new")}</h1>
        <span class="muted">{t("request.for_site", { site: site ?? "" })}</span>
      </div>
      <form ref={box} class="stack wide" noValidate onSubmit={submit}>
        <FormParts form={form.value} set={set} tried={tried.value} />
        <Missing found={found} onRestUnknown={() => set(restUnknown(form.value))} />
        <Refused refusal={refusal.value} />
        <button class="primary full" disabled={busy.value}><Icon name="send" />{busy.value ? t("request.sending") : t("request.send")}</button>
        <div class="row apart">
          <p class="muted small">{t("request.draft_kept")}</p>
          <button type="button" class="quiet" onClick={() => set(EMPTY)}>{t("request.clear")}</button>
        </div>
      </form>
    </main>
  );
}
