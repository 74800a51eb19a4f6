/** The left column: request, questions, protocol, checks, acquisition, incidents, and further acts. */
import { Icon } from "../../components/Icon";
import { At, Since } from "../../components/Times";
import type { CommandKind, RoomState, RoomView } from "../../core";
import { number, t, tMaybe } from "../../i18n";
import { checkWord } from "../words";
import { ActButton } from "./ActButton";
import { Findings } from "./Findings";
import { counted, findings } from "./findings";
import { ProtocolCard } from "./ProtocolCard";
import { Questions, RequestCard } from "./RequestCard";

function Queries({ room, state }: { room: RoomView; state: RoomState }) {
  return (
    <>{state.queries.map((one) => (
      <article class="card accent" key={one.asked.seq}>
        <header><h3><Icon name="talk" /> {one.answered ? t("query.answered") : t("query.open")}</h3></header>
        <p><b>{one.reason}</b>{one.proposed ? <><br />{t("query.proposed")} <mark>{one.proposed}</mark></> : null}<br />
          <span class="muted small">{one.asked.name} · <At at={one.asked.at} /></span></p>
        {one.answered ? (
          <p>{one.accepted === true ? <b>{t("query.accepted")} </b> : one.accepted === false ? <b>{t("query.declined")} </b> : null}{one.answer}<br />
            <span class="muted small">{one.answered.name} · <At at={one.answered.at} /></span></p>
        ) : <ActButton room={room} kind="protocol.answer" about={{ seq: one.asked.seq }} primary />}
      </article>
    ))}</>
  );
}

function Justified({ state }: { state: RoomState }) {
  const one = state.justification;
  if (!one) return null;
  return (
    <p><Icon name="shield" /> <b>{tMaybe(`decision.${one.decision}`, one.decision)}</b>{one.reason ? ` · ${one.reason}` : ""}{" "}
      <span class="muted small">{one.decided.name} · <At at={one.decided.at} /></span></p>
  );
}

function Checks({ state }: { state: RoomState }) {
  const done = state.checklist;
  if (!done) return null;
  const items = done.answers.items;
  const found = findings(done.answers);
  const ok = items.filter((item) => item.answer === "ok" || item.answer === "na").length;
  return (
    <article class={`card ${found.length ? "danger" : ""}`}>
      <header><h3>{t("check.title")}</h3>{found.length ? <span class="chip danger"><Icon name="alert" />{counted(found)}</span> : null}<span class="chip tabular">{ok}/{items.length}</span></header>
      <Findings found={found} />
      <dl class="facts">
        {items.filter((item) => item.answer === "ok" || item.answer === "na").map((item) => [
          <dt key={item.code}>{checkWord(item.code)}</dt>,
          <dd key={`${item.code}d`} >
            {item.answer === "ok" ? "✓ " : ""}{t(`check.answer.${item.answer}`)}{item.note ? ` · ${item.note}` : ""}
          </dd>,
        ])}
      </dl>
      <p class="muted small">{done.completed.name} · <At at={done.completed.at} /></p>
    </article>
  );
}

function Scanner({ state }: { state: RoomState }) {
  const one = state.acquisition;
  if (!one?.started && !one?.aborted) return null;
  const given = one.outcome?.contrast_given ?? [];
  return (
    <article class="card">
      <header><h3>{t("acquisition.title")}</h3>{one.scanner ? <span class="chip">{one.scanner}</span> : null}</header>
      {one.started ? <p>{t("acquisition.started")} <At at={one.started.at} /> · {one.started.name}{!one.ended && !one.aborted ? <> · <Since at={one.started.at} /></> : null}</p> : null}
      {one.ended ? <p>{t("acquisition.ended")} <At at={one.ended.at} /> · {one.ended.name}</p> : null}
      {given.map((dose, i) => (
        <p key={i}><b>{t("acquisition.given")}</b> {[dose.agent, dose.volume_ml !== null ? `${number(dose.volume_ml)} mL` : "", dose.rate_ml_s !== null ? `${number(dose.rate_ml_s)} mL/s` : "", dose.lot ? t("acquisition.lot", { lot: dose.lot }) : ""].filter(Boolean).join(" · ")}</p>
      ))}
      {one.outcome?.no_contrast_reason ? <p><b>{t("acquisition.no_contrast")}</b> {one.outcome.no_contrast_reason}</p> : null}
      {one.outcome?.reaction ? <p class="is-danger"><Icon name="alert" /> {t("acquisition.reaction")} {one.outcome.reaction}</p> : null}
      {one.aborted ? <p><Icon name="stop" /> {t("acquisition.aborted")} <At at={one.aborted.at} /> · {one.abort_reason}</p> : null}
    </article>
  );
}

function Incidents({ room, state }: { room: RoomView; state: RoomState }) {
  return (
    <>{state.incidents.map((one) => (
      <article class={`card ${one.category === "contrast_reaction" || one.category === "identity" ? "danger" : "accent"}`} key={one.opened.seq}>
        <header><h3><Icon name="alert" /> {t("incident.open", { category: tMaybe(`incident.${one.category}`, one.category) })}</h3></header>
        <p class="pre">{one.text}<br /><span class="muted small">{one.opened.name} · <At at={one.opened.at} /></span></p>
        <ActButton room={room} kind="incident.close" about={{ seq: one.opened.seq }} />
      </article>
    ))}</>
  );
}

/** Acts that have their place elsewhere on the page. */
const ELSEWHERE: ReadonlySet<CommandKind> = new Set<CommandKind>([
  "message.post", "message.retract", "quick.reply", "image.share", "member.invite", "member.remove", "request.amend",
  "information.ask", "information.answer", "protocol.answer", "incident.close",
]);

function FurtherActs({ room }: { room: RoomView }) {
  const acts = room.acts.value.filter((act) => !ELSEWHERE.has(act.kind) && !act.waited);
  if (!acts.length) return null;
  return (
    <section class="stack" aria-labelledby="further">
      <h3 id="further">{t("room.further")}</h3>
      <div class="row">{acts.map((act) => <ActButton key={act.kind} room={room} kind={act.kind} />)}</div>
    </section>
  );
}

export function ProtocolPanel({ room, state }: { room: RoomView; state: RoomState }) {
  return (
    <>
      <h2 class="vh">{t("tab.protocol")}</h2>
      <Incidents room={room} state={state} />
      <Questions room={room} state={state} />
      <Queries room={room} state={state} />
      <ProtocolCard state={state} open={!state.acknowledgement} />
      <Checks state={state} />
      <Scanner state={state} />
      <Justified state={state} />
      <RequestCard room={room} state={state} />
      <FurtherActs room={room} />
      {state.closed ? <p class="muted">{t("room.closed_by", { name: state.closed.closed.name })} <At at={state.closed.closed.at} /> {state.closed.reason}</p> : null}
    </>
  );
}
