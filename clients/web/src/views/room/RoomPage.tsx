/** One exam: who, where it stands, whose move; then protocol, images and talk. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "../../components/Icon";
import { Empty, Notice, Refused } from "../../components/Notice";
import { Promised, slowNow } from "../../components/Times";
import { Urgency } from "../../components/Urgency";
import { core, type RoomState, type RoomView } from "../../core";
import "../../core/inside";
import { t, tMaybe } from "../../i18n";
import "../../i18n/inside";
import "../../styles/room.css";
import { AppBar } from "../AppBar";
import { site } from "../sites";
import { takeKeys } from "../keys";
import { doing } from "../overlay";
import { abroad, hour } from "../../i18n/time";
import { modality, regions } from "../words";
import { ImagesPanel } from "./ImagesPanel";
import { IncidentLine } from "./IncidentLine";
import { NextMove, primaryAct } from "./NextMove";
import { patientLabel } from "./patient";
import { ProtocolPanel } from "./ProtocolPanel";
import { StageBar } from "./StageBar";
import { still } from "./still";
import { Talk } from "./Talk";

type Tab = "protocol" | "images" | "talk";
const TABS: readonly Tab[] = ["talk", "protocol", "images"];

/** What time it is at the site, where the reader's own clock says something else. */
function SiteTime() {
  const now = new Date(slowNow.value).toISOString();
  return abroad(now) ? <>{" "}<span class="chip nowrap"><Icon name="clock" />{t("room.site_time", { at: hour(now) })}</span></> : null;
}

function Head({ state }: { state: RoomState }) {
  const request = state.request;
  const identity = request?.patient.identity;
  const total = state.clocks.total;
  return (
    <div class="room-head">
      <a class="button quiet bare" href={core.href({ page: "worklist" })} aria-label={t("room.back")}><Icon name="back" /></a>
      {request ? <Urgency level={request.urgency} /> : null}
      <h1 class="grow" id="room-title" tabIndex={-1}>
        {patientLabel(state)}{" "}
        {identity ? (
          <span class={`chip ${identity === "suspect" || identity === "merged" ? "danger" : ""}`}>
            <Icon name={identity === "qualified" || identity === "validated" ? "shield" : "alert"} />{t(`identity.${identity}`)}
          </span>
        ) : null}
        <br />
        <span class="muted small">{request ? `${modality(request.modality_wanted)} ${regions(request.region)} · ` : ""}{site(state.site).name}<SiteTime /></span>
      </h1>
      {total && !total.stopped_at ? <Promised label={t("time.total")} from={total.started_at} until={total.limit_at} big /> : null}
    </div>
  );
}

/** j and k go through the rooms that are open. */
function otherRoom(id: string, by: 1 | -1): void {
  const open = core.open.value;
  const at = open.findIndex((one) => one.id === id);
  const next = open[at + by];
  if (next) core.go({ page: "room", room: next.id });
}

function Columns({ room, state, tab }: { room: RoomView; state: RoomState; tab: Tab }) {
  const shown = (name: Tab): string => `column ${name} ${tab === name ? "shown" : ""}`;
  return (
    <div class={`columns ${state.images.length ? "" : "bare"}`}>
      <section class={shown("protocol")} aria-label={t("tab.protocol")} id="tab-protocol" tabIndex={0}>
        <div class="inside"><ProtocolPanel room={room} state={state} /></div>
      </section>
      <section class={shown("images")} aria-label={t("tab.images")} id="tab-images" tabIndex={0}>
        <div class="inside"><ImagesPanel room={room} state={state} /></div>
      </section>
      <section class={shown("talk")} aria-label={t("tab.talk")} id="tab-talk">
        <Talk room={room} state={state} />
      </section>
    </div>
  );
}

export function RoomPage({ id }: { id: string }) {
  const room = useMemo(() => core.room(id), [id]);
  const tab = useSignal<Tab>("talk");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => takeKeys({
    next: (by) => otherRoom(id, by),
    write: () => {
      tab.value = "talk";
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(".composer textarea")?.focus());
    },
    primary: () => {
      const act = primaryAct(room.acts.value);
      if (act) doing.value = { room: id, kind: act.kind };
    },
  }), [id]);
  const state = useMemo(() => still(room.state), [room]).value;
  const ready = state !== null;
  useEffect(() => {
    if (ready && (document.activeElement === document.body || !document.activeElement)) document.getElementById("room-title")?.focus();
  }, [ready]);
  const status = room.status.value;
  if (!state)
    return (
      <>
        <AppBar />
        <main class="page" id="main" tabIndex={-1}>
          {status === "refused" ? (
            <>
              <Refused refusal={room.refusal.value} />
              <a class="button" href={core.href({ page: "worklist" })}><Icon name="back" />{t("room.back")}</a>
            </>
          ) : <Empty icon="clock"><p role="status">{t("room.loading")}</p></Empty>}
        </main>
      </>
    );
  return (
    <div class="room" ref={box}>
      <AppBar />
      <main id="main" tabIndex={-1}>
        <IncidentLine state={state} />
        <div class="room-top">
          <Head state={state} />
          <StageBar state={state} />
          <NextMove room={room} state={state} />
          {status === "stale" ? <Notice icon="offline" live="polite"><p>{t("room.stale")}</p></Notice> : null}
          {status === "refused" ? <Refused refusal={room.refusal.value} /> : null}
        </div>
        <div class="tabs" role="tablist" aria-label={t("tab.title")}>
          {TABS.map((name) => (
            <button key={name} type="button" role="tab" aria-selected={tab.value === name} aria-controls={`tab-${name}`} onClick={() => (tab.value = name)}>
              {tMaybe(`tab.${name}`, name)}
            </button>
          ))}
        </div>
        <Columns room={room} state={state} tab={tab.value} />
      </main>
    </div>
  );
}
