/** Whose move it is, since when, until when; and the one tap that does it when it is mine. */
import { useSignal } from "@preact/signals";
import { Icon } from "../../components/Icon";
import { Promised, Since, When } from "../../components/Times";
import { core, type Act, type CommandKind, type RoomState, type RoomView } from "../../core";
import { t } from "../../i18n";
import { doing } from "../overlay";
import { tell } from "../toasts";
import { actWord, roles } from "../words";
import { memberName } from "./sentence";

/** The act that waits for me; else the first that moves the exam on. */
export function primaryAct(acts: readonly Act[]): Act | undefined {
  return acts.find((act) => act.waited);
}

/** Acts that need no words: one tap gives them. The keyboard asks first. */
const AT_ONCE: ReadonlySet<CommandKind> = new Set<CommandKind>(["case.claim"]);

export function NextMove({ room, state }: { room: RoomView; state: RoomState }) {
  const busy = useSignal(false);
  const move = state.next_move;
  const act = primaryAct(room.acts.value);
  const me = core.session.value?.person.id;
  const late = Boolean(move?.until && core.now.value > Date.parse(move.until));
  const go = async (kind: CommandKind): Promise<void> => {
    if (!AT_ONCE.has(kind)) {
      doing.value = { room: room.id, kind };
      return;
    }
    if (busy.value) return;
    busy.value = true;
    tell(await room.act(kind, {} as never));
    busy.value = false;
  };
  const who = move ? (move.person ? (move.person === me ? t("move.you") : memberName(move.person, state)) : roles(move.roles as never)) : "";
  return (
    <div class={`move ${act ? "mine" : ""} ${late ? "late" : ""}`} role="status" aria-label={t("move.title")}>
      {move ? (
        <div class="what">
          <span class="muted">{t("move.next")}</span> <b>{actWord(move.act as CommandKind)}</b> <span>· {act && !move.person ? t("move.you_or", { who }) : who}</span>
          <br />
          <span class="muted"><Since at={move.since} />{move.until ? <> · {t("move.until")} <When at={move.until} /></> : null}</span>
        </div>
      ) : <div class="what"><b>{t("move.none")}</b></div>}
      {move?.until ? <Promised label={t("time.move")} from={move.since} until={move.until} /> : null}
      {act ? (
        <button type="button" class="primary" data-primary disabled={busy.value} aria-keyshortcuts="Alt+A" onClick={() => void go(act.kind)}>
          <Icon name="arrow" />{actWord(act.kind)}
        </button>
      ) : null}
    </div>
  );
}
