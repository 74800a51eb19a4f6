/** Home: what waits for me, what waits for others, what tonight is done. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "../../components/Icon";
import { Select, TextField } from "../../components/Field";
import { Empty, Notice, Refused } from "../../components/Notice";
import { core, type Row, type Stage, type Urgency } from "../../core";
import { number, t } from "../../i18n";
import { takeKeys } from "../keys";
import { toast } from "../toasts";
import { siteName } from "../sites";
import { modality, stage } from "../words";
import { ExamRow } from "./ExamRow";
import { UnsentRequests } from "./UnsentRequests";
import { grouped, NO_FILTERS, values, type Filters } from "./groups";

const URGENCIES: readonly Urgency[] = ["P0", "P1", "P2", "P3"];

/** Sound must be allowed by a gesture: offered once a shift, at the top. */
function ArmAlarms() {
  if (core.alarm.armed.value) return null;
  const arm = async (): Promise<void> => {
    toast((await core.alarm.arm()) ? t("alarm.heard") : t("alarm.refused"), !core.alarm.armed.value);
  };
  return (
    <Notice icon="bell-off">
      <div class="row apart">
        <span class="grow">{t("alarm.offer")}</span>
        <button type="button" class="primary" onClick={() => void arm()}><Icon name="bell" />{t("alarm.arm_test")}</button>
      </div>
    </Notice>
  );
}

function FilterBar({ rows, filters, set }: { rows: readonly Row[]; filters: Filters; set: (change: Partial<Filters>) => void }) {
  const any = { value: "", label: t("filter.all") };
  const pick = (list: readonly string[], words: (code: string) => string) => [any, ...list.map((value) => ({ value, label: words(value) }))];
  return (
    <div class="stack" role="search">
      <div class="bar">
        <TextField label={t("filter.search")} type="search" value={filters.text} onInput={(text) => set({ text })} />
        <button type="button" aria-pressed={filters.mine} onClick={() => set({ mine: !filters.mine })}>{t("filter.mine")}</button>
      </div>
      <details class="filters" open={matchMedia("(min-width: 701px)").matches}>
        <summary>{t("filter.title")}</summary>
        <div class="bar">
        <Select label={t("filter.urgency")} value={filters.urgency} options={pick(URGENCIES, (u) => `${u} ${t(`urgency.${u as Urgency}`)}`)} onPick={(v) => set({ urgency: v as Urgency | "" })} />
        <Select label={t("filter.stage")} value={filters.stage} options={pick(values(rows, "stage"), stage)} onPick={(v) => set({ stage: v as Stage | "" })} />
        <Select label={t("filter.site")} value={filters.site} options={pick(values(rows, "site"), siteName)} onPick={(v) => set({ site: v })} />
        <Select label={t("filter.modality")} value={filters.modality} options={pick(values(rows, "modality"), modality)} onPick={(v) => set({ modality: v })} />
        </div>
      </details>
    </div>
  );
}

function Group({ id, title, icon, rows, mine, empty }: { id: string; title: string; icon: IconName; rows: Row[]; mine: boolean; empty: string }) {
  return (
    <section class="group" aria-labelledby={id}>
      <h2 id={id}><Icon name={icon} />{title} <span class="chip tabular">{number(rows.length)}</span></h2>
      {rows.length ? <ul class="rows">{rows.map((row) => <ExamRow key={row.room} row={row} mine={mine} />)}</ul> : <p class="muted">{empty}</p>}
    </section>
  );
}

/** j and k walk through the rows; Enter is the link's own. */
function walk(box: HTMLElement | null, by: 1 | -1): void {
  const links = [...(box?.querySelectorAll<HTMLElement>("a.exam") ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(at + by, links.length - 1))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

export function Worklist() {
  const filters = useSignal<Filters>(NO_FILTERS);
  const box = useRef<HTMLElement>(null);
  useEffect(() => takeKeys({
    next: (by) => walk(box.current, by),
    write: () => box.current?.querySelector<HTMLElement>("input[type=search]")?.focus(),
    primary: () => box.current?.querySelector<HTMLElement>("a.exam.mine")?.click(),
  }), []);
  const { rows, loaded, refusal } = core.worklist.value;
  const me = core.session.value?.person;
  const mine = new Set(core.mine.value.map((row) => row.room));
  const groups = grouped(rows, mine, filters.value, me?.id ?? "", siteName);
  const asks = me?.role === "requester" || me?.role === "proximity_physician";
  const filtered = JSON.stringify(filters.value) !== JSON.stringify(NO_FILTERS);
  const counted = groups.me.length + groups.others.length + groups.done.length;
  return (
    <main class="page" id="main" tabIndex={-1} ref={box}>
      <div class="row apart">
        <h1>{t("worklist.title")}</h1>
        <a class={`button ${asks ? "primary" : ""}`} href={core.href({ page: "new" })}><Icon name="plus" />{t("request.new")}</a>
      </div>
      <UnsentRequests />
      <ArmAlarms />
      <Refused refusal={refusal} />
      {rows.length ? <FilterBar rows={rows} filters={filters.value} set={(change) => (filters.value = { ...filters.value, ...change })} /> : null}
      {!loaded && !refusal ? <p class="muted" role="status">{t("common.loading")}</p> : null}
      {refusal ? <button type="button" onClick={() => void core.refreshWorklist()}>{t("common.again")}</button> : null}
      {loaded && !rows.length ? (
        <Empty icon="list">
          <p>{t("worklist.empty")}</p>
          {asks ? <a class="button primary" href={core.href({ page: "new" })}>{t("request.new")}</a> : null}
        </Empty>
      ) : null}
      {filtered && !counted && rows.length ? (
        <Empty icon="search">
          <p>{t("filter.nothing")}</p>
          <button type="button" onClick={() => (filters.value = NO_FILTERS)}>{t("filter.clear")}</button>
        </Empty>
      ) : rows.length ? (
        <>
          <Group id="g-me" title={t("worklist.me")} icon="arrow" rows={groups.me} mine empty={t("worklist.me_none")} />
          <Group id="g-others" title={t("worklist.others")} icon="clock" rows={groups.others} mine={false} empty={t("worklist.others_none")} />
          {groups.done.length ? <Group id="g-done" title={t("worklist.done")} icon="check" rows={groups.done} mine={false} empty="" /> : null}
        </>
      ) : null}
    </main>
  );
}
