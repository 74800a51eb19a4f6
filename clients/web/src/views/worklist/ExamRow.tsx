/** One exam of the worklist: what, where it stands, whose move since when, and how much time is left. */
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Icon } from "../../components/Icon";
import { Promised, Since, slowNow } from "../../components/Times";
import { Urgency } from "../../components/Urgency";
import { core, isMine, type Asked, type Row } from "../../core";
import { lang, plural, t } from "../../i18n";
import { site } from "../sites";
import { actWord, modality, regions, role, stage } from "../words";

function whose(row: Row, mine: boolean): string {
  const move = row.next_move;
  if (!move) return t("move.none");
  if (mine) return t("move.mine_short");
  const name = move.person && (move.person === row.owner?.person ? row.owner.name : move.person === row.requester?.person ? row.requester.name : "");
  return name || move.roles.map(role).join(", ");
}

/** Who asks me for what, in their words, since when. */
function AskedOfMe({ asked, zone }: { asked: Asked; zone: string }) {
  return (
    <>
      <span class="asked"><b>{t(`asked.${asked.act}`, { name: asked.by ?? t("asked.somebody") })}</b>{asked.text ? <> <q>{asked.text}</q></> : null} · <Since at={asked.since} zone={zone} /></span>
      <br />
    </>
  );
}

function drawn(row: Row, mine: boolean, late: boolean, asked: Asked | undefined) {
  const move = row.next_move;
  const me = core.session.value?.person;
  const myMove = mine && move !== null && me !== undefined && isMine(move, { person: me.id, role: me.role });
  const { name, timezone: zone } = site(row.site);
  return (
    <li>
      <a class={`exam ${mine ? "mine" : ""} ${late ? "late" : ""}`} href={core.href({ page: "room", room: row.room })} data-room={row.room}>
        <Urgency level={row.urgency} />
        <span class="what">
          <span class="title">{modality(row.modality)} {regions(row.region)}</span>{" "}
          <span class="muted">· {name}</span>
          <br />
          <span>{row.patient_label || t("patient.hidden")}</span>{" "}
          {row.question ? <span class="muted">· {row.question}</span> : null}
        </span>
        <span class="whose">
          <span class="strong">{stage(row.stage)}</span>
          {row.alerts ? <>{" "}<span class="chip danger"><Icon name="alert" />{plural("room.alerts", row.alerts)}</span></> : null}
          {row.incidents ? <>{" "}<span class="chip danger"><Icon name="alert" />{plural("room.incidents", row.incidents)}</span></> : null}
          <br />
          {asked ? <AskedOfMe asked={asked} zone={zone} /> : null}
          <span class="muted">
            {row.is_open ? <>{whose(row, myMove)}{move ? <> · {actWord(move.act)} · <Since at={move.since} zone={zone} /></> : null}</>
              : <Since at={row.stage_since} zone={zone} />}
          </span>
        </span>
        <span class="time">
          {row.is_open && move?.until ? <Promised label={t("time.move")} from={move.since} until={move.until} zone={zone} by /> : null}
          {row.is_open ? <Promised label={t("time.total")} from={row.requested_at} until={row.limit_at} zone={zone} by /> : null}
        </span>
        <span class="act">{asked ? t(`asked.do.${asked.act}`) : myMove ? actWord(move.act) : null} <Icon name="arrow" /></span>
      </a>
    </li>
  );
}

/** Drawn again only when the row itself changes; its clocks tick by themselves. */
export function ExamRow({ row, mine }: { row: Row; mine: boolean }) {
  const late = useMemo(() => {
    const limits = [row.limit_at, row.next_move?.until].filter(Boolean).map((at) => Date.parse(at!));
    const limit = row.is_open ? Math.min(Infinity, ...limits) : Infinity;
    return computed(() => slowNow.value > limit);
  }, [row.is_open, row.limit_at, row.next_move?.until]).value;
  const asked = mine ? core.askedOfMe(row) : undefined;
  return useMemo(() => drawn(row, mine, late, asked), [row, mine, late, asked, lang.value, core.session.value]);
}
