/** Critical results that nobody received and every open incident, always in sight above the room: a reaction of the patient first. On a small screen it keeps the way back. */
import { Icon } from "../../components/Icon";
import { At, Since } from "../../components/Times";
import { core, type RoomState } from "../../core";
import { t, tMaybe } from "../../i18n";
import { CriticalLines, unheard } from "./CriticalLine";

const GRAVEST = ["contrast_reaction", "identity"];

/** The gravest first, then the newest. */
export function ordered(incidents: RoomState["incidents"]): RoomState["incidents"] {
  const rank = (category: string): number => (GRAVEST.indexOf(category) + GRAVEST.length + 1) % (GRAVEST.length + 1);
  return [...incidents].sort((a, b) => rank(a.category) - rank(b.category) || b.opened.seq - a.opened.seq);
}

export function IncidentLine({ state }: { state: RoomState }) {
  if (!state.incidents.length && !unheard(state).length) return null;
  return (
    <div class="incidents">
      <a class="button quiet bare" href={core.href({ page: "worklist" })} aria-label={t("room.back")}><Icon name="back" /></a>
      <div role="alert">
        <CriticalLines state={state} />
        {ordered(state.incidents).map((one) => (
          <p key={one.opened.seq}>
            <Icon name="alert" />
            <span><b>{t("incident.open", { category: tMaybe(`incident.${one.category}`, one.category) })}</b> · {one.text}{" "}
              ({one.opened.name}, <At at={one.opened.at} />, <Since at={one.opened.at} />)</span>
          </p>
        ))}
      </div>
    </div>
  );
}
