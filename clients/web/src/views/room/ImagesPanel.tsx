/** Pictures shown to the room: the last one large, the others a tap away. */
import { useSignal } from "@preact/signals";
import { Icon } from "../../components/Icon";
import { Empty } from "../../components/Notice";
import { At } from "../../components/Times";
import type { RoomState, RoomView } from "../../core";
import { plural, t } from "../../i18n";
import { doing } from "../overlay";
import { Picture, Taken } from "./Picture";

export function ImagesPanel({ room, state }: { room: RoomView; state: RoomState }) {
  const chosen = useSignal(0);
  const images = state.images;
  const shown = images.find((one) => one.shared.seq === chosen.value) ?? images.at(-1);
  return (
    <>
      <div class="row apart">
        <h2>{t("tab.images")}</h2>
        {room.may("image.share") ? (
          <button type="button" onClick={() => (doing.value = { room: room.id, kind: "image.share" })}><Icon name="image" />{t("act.image.share")}</button>
        ) : null}
      </div>
      {shown ? (
        <figure class="stack">
          <Picture room={room} image={shown.image} />
          <figcaption>
            <b>{shown.image.label || t("image.unnamed")}</b><br />
            <span class="muted">{shown.shared.name} · <At at={shown.shared.at} /></span>
          </figcaption>
        </figure>
      ) : <Empty icon="image"><p>{t("image.none")}</p></Empty>}
      {images.length > 1 ? (
        <ul class="thumbs" aria-label={plural("image.count", state.images_shared)}>
          {images.map((one) => (
            <li key={one.shared.seq}>
              <button type="button" class="picture" aria-pressed={one === shown} onClick={() => (chosen.value = one.shared.seq)}>
                <img src={room.imageUrl(one.image, { width: 160, height: 160 })} alt={one.image.label || t("image.unnamed")} loading="lazy" />
                <span class="caption"><Taken room={room} study={one.image.study_uid} /></span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
