/** Over every page: who rings me, for what, since when; take it, or say why not. */
import { useSignal } from "@preact/signals";
import { TextField } from "../components/Field";
import { Icon } from "../components/Icon";
import { Since } from "../components/Times";
import { Urgency } from "../components/Urgency";
import { core, type Row, type RowRing } from "../core";
import { t } from "../i18n";
import { siteName } from "./sites";
import { tell } from "./toasts";
import { actWord } from "./words";

function OneRing({ row, ring }: { row: Row; ring: RowRing }) {
  const reason = useSignal<string | null>(null);
  const busy = useSignal(false);
  const exam = ring.purpose === "case";
  const reader = ["radiologist", "regulator"].includes(core.session.value?.person.role ?? "");
  const give = async (kind: "case.claim" | "ring.answer" | "case.decline" | "ring.decline", body: object, enter: boolean): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    if (tell(await core.give(row.room, kind, body)) && enter) core.go({ page: "room", room: row.room });
    // Why not has been said: whoever came second must not keep a refused copy.
    for (const item of core.unsent.value) if (item.room === row.room && item.kind === kind && item.state === "refused") void core.forget(item.cid);
    busy.value = false;
  };
  const decline = (): void => {
    const why = reason.value?.trim() ?? "";
    if (!why) reason.value = reason.value ?? "";
    else if (exam) void give("case.decline", { reason: why }, false);
    else void give("ring.decline", { ring: ring.ring, reason: why }, false);
  };
  const take = exam ? "case.claim" : "ring.answer";
  return (
    <div class="notice accent" role="alert" data-ring={ring.ring} data-room={row.room}>
      <Icon name="bell" />
      <div class="stack grow">
        <p><Urgency level={row.urgency} /> <b>{t("ring.asks", { name: (ring.purpose === "case" && row.requester?.name) || t("asked.somebody") })}</b> · {siteName(row.site)} · <Since at={ring.since} /></p>
        {reason.value === null ? null : <TextField label={t("ring.reason")} value={reason.value} max={1000} autoFocus onInput={(text) => (reason.value = text)} />}
        <div class="row">
          {!exam || reader ? <button type="button" class="primary" disabled={busy.value} onClick={() => void give(take, exam ? {} : { ring: ring.ring }, true)}>{actWord(take)}</button>
            : <a class="button primary" href={core.href({ page: "room", room: row.room })}>{t("ring.open")}</a>}
          <button type="button" disabled={busy.value} onClick={decline}>{actWord("case.decline")}</button>
        </div>
      </div>
    </div>
  );
}

export function RingBar() {
  const me = core.session.value?.person.id ?? "";
  const found = core.worklist.value.rows.flatMap((row) => (row.rings ?? []).filter((ring) => ring.people.includes(me)).map((ring) => ({ row, ring })));
  return <>{found.map(({ row, ring }) => <OneRing key={`${row.room} ${ring.ring}`} row={row} ring={ring} />)}</>;
}
