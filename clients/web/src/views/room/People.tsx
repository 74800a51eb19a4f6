/** Who is here, away or unreachable: a shape, a word and the name. */
import { Icon } from "../../components/Icon";
import { core, type RoomState, type RoomView } from "../../core";
import { t } from "../../i18n";
import { relative } from "../../i18n/time";
import { slowNow } from "../../components/Times";
import { role } from "../words";
import { ActButton } from "./ActButton";

const SHAPES = { online: "●", elsewhere: "○", reading: "◉", busy: "◍", dnd: "⊘", away: "◐", unreachable: "✕", unknown: "?" } as const;

/** States of those who are not at a screen now. */
const GONE: ReadonlySet<keyof typeof SHAPES> = new Set(["elsewhere", "away", "unreachable", "unknown"]);

export function People({ room, state }: { room: RoomView; state: RoomState }) {
  const present = new Map(room.presence.value.map((one) => [one.person, one]));
  const everyone = [
    ...Object.entries(state.members).map(([person, member]) => ({ person, name: member.name, role: member.role })),
    ...room.presence.value.filter((one) => !state.members[one.person]),
  ];
  // Without a link nobody knows who is there; who is not in the list of a live room is unreachable.
  const live = room.status.value === "live";
  const stateOf = (person: string): keyof typeof SHAPES => (live ? (present.get(person)?.state ?? "unreachable") : "unknown");
  const me = core.session.value?.person.id;
  const here = everyone.filter((one) => !GONE.has(stateOf(one.person))).length;
  return (
    <details class="small">
      <summary class="people">
        <Icon name="users" label={t("people.title")} />
        {everyone.map((one) => {
          const how = stateOf(one.person);
          return <span key={one.person} class={how === "unreachable" ? "strong" : ""}>{SHAPES[how]} {one.person === me ? t("move.you") : one.name}<span class="vh"> {t(`presence.${how}`)}</span></span>;
        })}
        <span class="vh">{t("people.here", { n: here })}</span>
      </summary>
      <div class="stack" style={{ padding: "8px 12px", maxHeight: "40vh", overflow: "auto" }}>
        <ul class="stack">
          {everyone.map((one) => {
            const found = present.get(one.person);
            const how = stateOf(one.person);
            return (
              <li key={one.person} class="row apart">
                <span><b>{one.name}</b> · {role(one.role)}<br />
                  <span class={how === "unreachable" ? "strong" : "muted"}>{SHAPES[how]} {t(`presence.${how}`)}{found?.since ? ` ${relative(found.since, slowNow.value)}` : ""}</span></span>
                {one.person !== me && state.members[one.person] ? <ActButton room={room} kind="member.remove" about={{ person: one.person }} /> : null}
              </li>
            );
          })}
        </ul>
        <div><ActButton room={room} kind="member.invite" /></div>
      </div>
    </details>
  );
}
