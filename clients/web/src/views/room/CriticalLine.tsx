/** Critical results that nobody has received, always in sight above the room: the gravest first. */
import { Icon } from "../../components/Icon";
import { At, When } from "../../components/Times";
import { core, type RoomState, type RoomView } from "../../core";
import { critical } from "../../generated/tables.json";
import { said, t } from "../../i18n";
import { doing } from "../overlay";
import { actWord } from "../words";

const WORDS = critical.categories as Record<string, { fr: string; en: string }>;

export function CriticalLine({ room, state }: { room: RoomView; state: RoomState }) {
  const open = state.criticals.filter((one) => one.receipt === null && one.closed === null).sort((a, b) => a.category - b.category);
  if (!open.length) return null;
  const mine = room.may("critical.acknowledge");
  return (
    <div class="incidents" data-critical>
      <a class="button quiet bare" href={core.href({ page: "worklist" })} aria-label={t("room.back")}><Icon name="back" /></a>
      <div role="alert">
        {open.map((one) => (
          <p key={one.raised.seq}>
            <Icon name="alert" />
            <span><b>{t("critical.open")} · {said(WORDS[one.category]!)}</b> · {one.finding}{" "}
              ({one.raised.name}, <At at={one.raised.at} />) · {t("move.until")} <When at={one.limit_at} />
              {one.exhausted && one.phone ? <b> · {t("critical.phone", { phone: one.phone })}</b> : null}</span>
            {mine ? <button type="button" onClick={() => (doing.value = { room: room.id, kind: "critical.acknowledge", about: { seq: one.raised.seq } })}>{actWord("critical.acknowledge")}</button> : null}
          </p>
        ))}
      </div>
    </div>
  );
}
