/** How far my words have come, person by person: stored, delivered, seen, acknowledged, unreachable. */
import { Icon, type IconName } from "../../components/Icon";
import type { Mark, PersonMark, RoomView } from "../../core";
import { t } from "../../i18n";

const ORDER: readonly Mark[] = ["acknowledged", "seen", "delivered", "stored", "unreachable"];
const ICONS: Record<Mark, IconName> = { acknowledged: "checks", seen: "eye", delivered: "check", stored: "clock", unreachable: "offline" };

export function Marks({ room, seq }: { room: RoomView; seq: number }) {
  const marks = room.marks(seq);
  if (!marks.length) return <span class="marks"><span><Icon name="check" />{t("mark.stored")}</span></span>;
  const by = new Map<Mark, PersonMark[]>();
  for (const one of marks) by.set(one.mark, [...(by.get(one.mark) ?? []), one]);
  return (
    <span class="marks">
      {ORDER.filter((mark) => by.has(mark)).map((mark) => (
        <span key={mark} class={mark === "acknowledged" ? "ack" : mark === "unreachable" ? "gone" : ""}>
          <Icon name={ICONS[mark]} />{t(`mark.${mark}`)} : {by.get(mark)!.map((one) => one.name).join(", ")}
        </span>
      ))}
    </span>
  );
}
