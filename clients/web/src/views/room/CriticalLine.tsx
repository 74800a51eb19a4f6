/** Critical results that nobody has received: the gravest first, with the number where nobody answers. */
import { Icon } from "../../components/Icon";
import { At, When } from "../../components/Times";
import type { RoomState } from "../../core";
import { critical } from "../../generated/tables.json";
import { said, t } from "../../i18n";

const WORDS = critical.categories as Record<string, { fr: string; en: string }>;

/** Those that wait for their receipt. */
export const unheard = (state: RoomState): RoomState["criticals"] =>
  state.criticals.filter((one) => one.receipt === null && one.closed === null).sort((a, b) => a.category - b.category);

export function CriticalLines({ state }: { state: RoomState }) {
  return (
    <>{unheard(state).map((one) => (
      <p key={`c${one.raised.seq}`} data-critical>
        <Icon name="alert" />
        <span><b>{t("critical.open")} · {said(WORDS[one.category]!)}</b> · {one.finding}{" "}
          ({one.raised.name}, <At at={one.raised.at} />) · {t("move.until")} <When at={one.limit_at} />
          {one.exhausted && one.phone ? <b> · {t("critical.phone", { phone: one.phone })}</b> : null}</span>
      </p>
    ))}</>
  );
}
