/** A reference as the server renders it, with its arrows, its window, and the words that it must carry. */
import { useSignal } from "@preact/signals";
import { Icon } from "../../components/Icon";
import type { ImageRefBody, RoomView } from "../../core";
import { number, t, tMaybe } from "../../i18n";
import { dateWords, lookAgain, useStudy } from "./study";

export interface Mark {
  x: number;
  y: number;
  from_x?: number | null;
  from_y?: number | null;
  text?: string;
}

/** Arrows in image pixels; the same shape as the server burns into exported pictures. */
export function Arrows({ marks, width, height }: { marks: readonly Mark[]; width: number; height: number }) {
  const reach = Math.max(24, Math.min(width, height) / 8);
  const thick = Math.max(2, Math.min(width, height) / 160);
  return (
    <svg class="over" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {marks.map((mark, i) => {
        const tail = { x: mark.from_x ?? mark.x + reach * 0.7, y: mark.from_y ?? mark.y - reach * 0.7 };
        const length = Math.hypot(tail.x - mark.x, tail.y - mark.y) || 1;
        const along = { x: (tail.x - mark.x) / length, y: (tail.y - mark.y) / length };
        const head = Math.min(length, thick * 5);
        const neck = { x: mark.x + along.x * head, y: mark.y + along.y * head };
        const barbs = [-1, 1].map((side) => `${neck.x - (along.y * side * head) / 2},${neck.y + (along.x * side * head) / 2}`);
        const draw = (colour: string, wider: number) => (
          <g stroke={colour} fill={colour} stroke-width={thick + wider} stroke-linejoin="round">
            <line x1={neck.x} y1={neck.y} x2={tail.x} y2={tail.y} />
            <polygon points={`${mark.x},${mark.y} ${barbs.join(" ")}`} stroke-width={wider || 0.5} />
          </g>
        );
        return (
          <g key={i}>
            {draw("#000", thick)}
            {draw("#ffd60a", 0)}
            {mark.text ? (
              <text x={tail.x + along.x * thick * 3} y={tail.y + along.y * thick * 3} fill="#ffd60a" stroke="#000" stroke-width={thick / 2}
                paint-order="stroke" font-size={Math.max(12, Math.min(width, height) / 24)} text-anchor="middle">{mark.text}</text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

/** "fenêtre cerveau 40/80" */
export function windowWords(image: ImageRefBody): string {
  const view = image.viewport;
  if (!view?.voi) return t("window.default");
  const name = view.preset ? tMaybe(`window.${view.preset}`, view.preset) : t("window.own");
  return `${name} ${number(view.voi.center)}/${number(view.voi.width)}`;
}

/** When it was taken; a prior says so. */
export function Taken({ room, study }: { room: RoomView; study: string }) {
  const { words, prior } = dateWords(useStudy(room, study), room.state.value?.requested ?? null);
  return words ? <span class={`taken ${prior ? "prior" : ""}`}>{prior ? <Icon name="clock" /> : null}{words}</span> : null;
}

export function Picture({ room, image, small, onPoint }: {
  room: RoomView; image: ImageRefBody; small?: boolean; onPoint?: (x: number, y: number) => void;
}) {
  const size = useSignal({ width: 512, height: 512 });
  const broken = useSignal("");
  const url = room.imageUrl(image, small ? { width: 320, height: 320 } : undefined);
  const label = [image.label || t("image.unnamed"), windowWords(image), image.frame ? t("image.frame", { n: image.frame }) : ""].filter(Boolean).join(" · ");
  const point = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).querySelector("img")?.getBoundingClientRect();
    if (!onPoint || !box || broken.value === url) return;
    onPoint(Math.round(((event.clientX - box.left) / box.width) * size.value.width), Math.round(((event.clientY - box.top) / box.height) * size.value.height));
  };
  return (
    <div class={`picture ${onPoint ? "canvas" : ""}`} onClick={onPoint ? point : undefined}>
      {broken.value === url ? (
        <p class="broken"><Icon name="image" /> {t("image.broken")}<br />
          <button type="button" onClick={() => (broken.value = "")}>{t("common.again")}</button></p>
      ) : (
        <span style={{ position: "relative", display: "block" }}>
          <img
            src={url} alt={t("image.alt", { label })} loading={small ? "lazy" : "eager"} decoding="async"
            onLoad={(event) => {
              lookAgain(room, image.study_uid);
              if (!small) size.value = { width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight };
            }}
            onError={() => (broken.value = url)}
          />
          {small ? null : <Arrows marks={image.viewport?.arrows ?? []} width={size.value.width} height={size.value.height} />}
        </span>
      )}
      <div class="caption"><Taken room={room} study={image.study_uid} /><span>{windowWords(image)}</span><b>{t("image.not_diagnostic")}</b></div>
    </div>
  );
}
