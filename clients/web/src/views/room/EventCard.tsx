/** One event of the timeline: a message as words, an act as a card with its state. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../../components/Icon";
import { At } from "../../components/Times";
import { core, isKind, type Evt, type RoomState, type RoomView } from "../../core";
import type { Sealed } from "../../generated/wire";
import { number, t } from "../../i18n";
import { doing } from "../overlay";
import { either, modality, phase, regions, role } from "../words";
import { Findings } from "./Findings";
import { findings } from "./findings";
import { Marks } from "./Marks";
import { Picture } from "./Picture";
import { ReportText } from "./ReportText";
import { pathWords } from "./ProtocolCard";
import { isReplaced, nameOf, sentence, tone } from "./sentence";

const ICONS: Record<string, IconName> = {
  request: "list", information: "talk", case: "user", justification: "shield", protocol: "list", checklist: "check",
  acquisition: "play", image: "image", member: "users", incident: "alert", room: "lock", deadline: "clock", message: "talk", quick: "talk",
};

/** What a card shows below its sentence. */
function Detail({ evt, room }: { evt: Evt; room: RoomView }): ComponentChildren {
  if (isKind(evt, "request.submitted")) return <p class="pre">{evt.body.clinical_question}</p>;
  if (isKind(evt, "request.amended"))
    return <p>{evt.body.reason}{evt.body.changed?.length ? <> {t("protocol.changed")} <mark>{evt.body.changed.map(pathWords).join(", ")}</mark></> : null}</p>;
  if (isKind(evt, "information.asked")) return <p class="pre"><b>{evt.body.question}</b></p>;
  if (isKind(evt, "information.answered")) return <p class="pre">{evt.body.answer}</p>;
  if (isKind(evt, "justification.decided") || isKind(evt, "case.released") || isKind(evt, "case.reassigned") || isKind(evt, "request.cancelled")
    || isKind(evt, "room.reopened") || isKind(evt, "room.closed") || isKind(evt, "member.removed"))
    return evt.body.reason ? <p>{evt.body.reason}</p> : null;
  if (isKind(evt, "protocol.issued") || isKind(evt, "protocol.amended")) {
    const contrast = evt.body.contrast;
    return (
      <>
        <p><b>{modality(evt.body.modality)} {regions(evt.body.regions)}</b> · {[...new Set(evt.body.series.map((one) => one.phase))].map(phase).join(" → ")}
          {contrast?.volume_ml ? ` · ${number(contrast.volume_ml)} mL` : ""}{contrast?.rate_ml_s ? ` · ${number(contrast.rate_ml_s)} mL/s` : ""}</p>
        {isKind(evt, "protocol.amended") && evt.body.changed?.length ? <p>{t("protocol.changed")} <mark>{evt.body.changed.map(pathWords).join(", ")}</mark></p> : null}
        {isKind(evt, "protocol.amended") && evt.body.reason ? <p>{evt.body.reason}</p> : null}
      </>
    );
  }
  if (isKind(evt, "protocol.queried")) return <p>{evt.body.reason}{evt.body.proposed ? <> → <mark>{evt.body.proposed}</mark></> : null}</p>;
  if (isKind(evt, "protocol.answered")) return <p>{evt.body.answer}</p>;
  if (isKind(evt, "checklist.completed")) return <Findings found={findings(evt.body)} />;
  if (isKind(evt, "acquisition.ended"))
    return <>{evt.body.contrast_given?.map((dose, i) => <p key={i}>{t("acquisition.given")} {either(dose.agent)} {dose.volume_ml ?? "–"} mL</p>)}
      {evt.body.reaction ? <p class="is-danger"><Icon name="alert" /> {t("acquisition.reaction")} {evt.body.reaction}</p> : null}</>;
  if (isKind(evt, "acquisition.aborted")) return <p>{evt.body.reason}</p>;
  if (isKind(evt, "image.shared")) return <><Picture room={room} image={evt.body} />{evt.body.label ? <p><b>{evt.body.label}</b></p> : null}</>;
  if (isKind(evt, "incident.opened")) return <p class="pre">{evt.body.text}</p>;
  if (isKind(evt, "incident.closed")) return <p>{evt.body.resolution}</p>;
  if (isKind(evt, "report.issued") || isKind(evt, "report.signed") || isKind(evt, "addendum.signed"))
    return <ReportText room={room} sealed={evt.body as unknown as Sealed} />;
  if (isKind(evt, "critical.raised")) return <p class="pre"><b>{evt.body.finding}</b></p>;
  if (isKind(evt, "critical.acknowledged")) return <p class="pre">{[evt.body.read_back, evt.body.action].filter(Boolean).join(" · ")}</p>;
  if (isKind(evt, "opinion.asked")) return <p class="pre">{evt.body.question}</p>;
  if (isKind(evt, "opinion.answered")) return <p class="pre">{evt.body.text}</p>;
  if (isKind(evt, "reaction.reported")) return <p class="is-danger"><Icon name="alert" /> {evt.body.text}</p>;
  if (isKind(evt, "member.invited")) return evt.body.question ? <p>{evt.body.question}</p> : null;
  if (isKind(evt, "quick.replied")) return evt.body.detail ? <p>{evt.body.detail}</p> : null;
  return null;
}

function Said({ evt, room, state }: { evt: Evt; room: RoomView; state: RoomState }) {
  const own = evt.from.person === core.session.value?.person.id;
  const gone = room.retracted(evt.seq);
  return (
    <div class={`post ${own ? "own" : ""} ${gone ? "retracted" : ""}`} tabIndex={-1}>
      <div class="by"><b>{nameOf(evt, state)}</b><span>{role(evt.from.role)}</span><At at={evt.at} /></div>
      <div class="text">{sentence(evt, state)}</div>
      <Detail evt={evt} room={room} />
      {gone ? <span class="small muted">{t("talk.retracted")}</span> : null}
      {own ? (
        <span class="row apart">
          <Marks room={room} seq={evt.seq} />
          {!gone && evt.kind === "message.posted" && room.may("message.retract") ? (
            <button type="button" class="quiet small" onClick={() => (doing.value = { room: room.id, kind: "message.retract", about: { seq: evt.seq } })}>{t("act.message.retract")}</button>
          ) : null}
        </span>
      ) : null}
    </div>
  );
}

export function EventCard({ evt, room, state }: { evt: Evt; room: RoomView; state: RoomState }) {
  if (evt.kind === "withheld") return <p class="small muted"><Icon name="lock" /> {t("said.withheld")}</p>;
  if (evt.kind === "message.posted" || evt.kind === "quick.replied") return <Said evt={evt} room={room} state={state} />;
  if (evt.kind === "message.retracted") return <p class="small muted">{sentence(evt, state)} <At at={evt.at} /></p>;
  const own = evt.from.person === core.session.value?.person.id;
  const gone = isReplaced(evt, state);
  return (
    <div class={`card ${gone ? "" : tone(evt)}`} tabIndex={-1}>
      <header>
        <Icon name={ICONS[evt.kind.split(".")[0]!] ?? "list"} />
        <h3>{sentence(evt, state)}</h3><span class="small muted"><At at={evt.at} /></span>
      </header>
      {gone ? <del class="stack" data-replaced><Detail evt={evt} room={room} /></del> : <Detail evt={evt} room={room} />}
      {own ? <Marks room={room} seq={evt.seq} /> : null}
    </div>
  );
}
