/** Where the exam stands, in steps; a click shows every clock that ran. */
import { useSignal } from "@preact/signals";
import { At, Promised } from "../../components/Times";
import { Icon } from "../../components/Icon";
import type { RoomState, Stage } from "../../core";
import { t } from "../../i18n";
import { clockWord, stage as stageWord } from "../words";

const STEPS: readonly Stage[] = ["requested", "claimed", "justified", "protocolled", "protocol_acknowledged", "ready", "acquiring", "acquired"];

/** The step of the bar that a stage belongs to; -1 for an exit. */
export function stepOf(state: RoomState): number {
  const where = state.stage === "closed" && state.closed ? state.closed.from_stage : state.stage;
  if (where === "info_needed") return state.owner ? 1 : 0;
  const at = STEPS.indexOf(where);
  if (at >= 0) return at;
  return ["refused", "substituted", "cancelled", "aborted"].includes(where) ? -1 : STEPS.length - 1;
}

function Clocks({ state }: { state: RoomState }) {
  const clocks = Object.entries(state.clocks);
  return (
      <div class="scroll-x" id="clocks" style={{ padding: "0 12px 8px" }}>
        <table>
          <thead><tr><th>{t("clock.name")}</th><th>{t("clock.from")}</th><th>{t("clock.until")}</th><th>{t("clock.state")}</th></tr></thead>
          <tbody>
            {clocks.map(([name, clock]) => (
              <tr key={name}>
                <td>{clockWord(name)}</td>
                <td><At at={clock.started_at} /></td>
                <td>{clock.limit_at ? <At at={clock.limit_at} /> : t("clock.no_limit")}</td>
                <td>
                  {clock.stopped_at ? <>{t("clock.stopped")} <At at={clock.stopped_at} /></> : <Promised from={clock.started_at} until={clock.limit_at} />}
                  {clock.breached ? <span class="chip clock"><Icon name="clock" />{t("time.late")}</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
  );
}

export function StageBar({ state }: { state: RoomState }) {
  const open = useSignal(false);
  const now = stepOf(state);
  return (
    <>
      <ol class="stagebar" aria-label={t("stage.bar")}>
        {STEPS.map((step, i) => {
          const word = i === now ? stageWord(state.stage === "closed" ? "closed" : state.stage) : stageWord(step);
          return (
            <li key={step} class={i < now ? "done" : i === now ? "now" : ""} aria-current={i === now ? "step" : undefined} title={word}>
              <span class="ellipsis">{i < now ? "✓ " : i === now ? "◐ " : "○ "}{word}</span>
            </li>
          );
        })}
        {now < 0 ? <li class="now" aria-current="step"><span class="ellipsis">◐ {stageWord(state.stage)}</span></li> : null}
        <li class="more">
          <button type="button" class="quiet bare" aria-expanded={open.value} aria-controls="clocks" onClick={() => (open.value = !open.value)} title={t("clock.all")}>
            <Icon name="clock" label={t("clock.all")} />
          </button>
        </li>
      </ol>
      {open.value ? <Clocks state={state} /> : null}
    </>
  );
}
