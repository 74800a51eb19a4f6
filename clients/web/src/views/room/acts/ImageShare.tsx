/** Showing a picture: study, slice, window, arrows; what is shared is the reference, never pixels. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../../components/Dialog";
import { asNumber, Choice, Select, TextField } from "../../../components/Field";
import { Icon } from "../../../components/Icon";
import { Empty, Notice, Refused } from "../../../components/Notice";
import type { ImageRefBody, RoomView, Series } from "../../../core";
import { number, t } from "../../../i18n";
import { actWord } from "../../words";
import { Picture, type Mark } from "../Picture";
import { studyOf, studyWords, type Study } from "../study";
import type { ActForm } from "./form";
import { useKept } from "./kept";

/** Centre and width in stored units (HU for CT). */
const WINDOWS = { brain: [40, 80], stroke: [35, 35], bone: [500, 2000], lung: [-600, 1500], abdomen: [50, 400] } as const;
type Preset = keyof typeof WINDOWS;

interface Slice {
  sop: string;
  frame: number | null;
}

/** Every picture of a series in order; frames of one object are pictures too. */
export function slicesOf(series: Series | undefined): Slice[] {
  return (series?.instances ?? []).flatMap((one): Slice[] =>
    one.frames > 1 ? Array.from({ length: one.frames }, (_, i) => ({ sop: one.sop, frame: i + 1 })) : [{ sop: one.sop, frame: null }]);
}

function useStudies(room: RoomView) {
  const studies = useSignal<Study[] | null>(null);
  const study = useSignal("");
  const series = useSignal<Series[]>([]);
  const failed = useSignal(false);
  const choose = (uid: string): void => {
    study.value = uid;
    room.series(uid).then((found) => (series.value = found), () => (failed.value = true));
  };
  useEffect(() => {
    room.studies().then((found) => {
      studies.value = found.map(studyOf).filter((one) => one !== null);
      if (studies.value[0]) choose(studies.value[0].uid);
    }, () => (failed.value = true));
  }, []);
  return { studies, study, series, failed, choose };
}

function ArrowList({ arrows, set }: { arrows: readonly Mark[]; set: (arrows: Mark[]) => void }) {
  const change = (at: number, some: Partial<Mark>): void => set(arrows.map((one, i) => (i === at ? { ...one, ...some } : one)));
  return (
    <>{arrows.map((one, i) => (
      <div class="cols" key={i}>
        <TextField label={t("image.arrow_text", { n: i + 1 })} max={40} value={one.text ?? ""} onInput={(text) => change(i, { text })} />
        <TextField label="x" type="number" value={String(one.x)} onInput={(v) => change(i, { x: asNumber(v) ?? one.x })} />
        <TextField label="y" type="number" value={String(one.y)} onInput={(v) => change(i, { y: asNumber(v) ?? one.y })} />
        <button type="button" onClick={() => set(arrows.filter((_, other) => other !== i))}><Icon name="cross" />{t("image.remove_arrow", { n: i + 1 })}</button>
      </div>
    ))}</>
  );
}

export function ImageShare({ room, give, refusal, busy, close }: ActForm) {
  const { studies, study, series, failed, choose } = useStudies(room);
  const seriesAt = useSignal(0);
  const slice = useSignal(0);
  const preset = useSignal<Preset | "own" | "default">("default");
  const center = useSignal("");
  const width = useSignal("");
  const arrows = useSignal<Mark[]>([]);
  const label = useKept("label", "");
  const uid = useSignal("");
  const one = series.value[Math.min(seriesAt.value, series.value.length - 1)];
  const slices = slicesOf(one);
  const at = Math.min(slice.value, slices.length - 1);
  const picked = slices[at];
  const [c, w] = preset.value === "own" ? [asNumber(center.value), asNumber(width.value)] : preset.value === "default" ? [null, null] : WINDOWS[preset.value];
  const voi = typeof c === "number" && typeof w === "number" && w >= 1 ? { center: c, width: w } : null;
  const byUid = uid.value.trim();
  const image: ImageRefBody | null = byUid ? { study_uid: byUid, label: label.value.trim(), viewport: { voi, arrows: arrows.value } } : study.value && one && picked ? {
    study_uid: study.value, series_uid: one.uid, sop_uid: picked.sop, frame: picked.frame, label: label.value.trim(),
    viewport: { voi, preset: preset.value === "own" || preset.value === "default" ? "" : preset.value, arrows: arrows.value },
  } : null;
  const pick = (value: Preset | "own" | "default"): void => {
    if (value === "own" && voi) {
      center.value = String(voi.center);
      width.value = String(voi.width);
    }
    preset.value = value;
  };
  return (
    <Dialog
      title={actWord("image.share")} onClose={close} busy={busy} wide
      onSubmit={() => image && void give("image.share", { ...image, label: label.value.trim() })}
      foot={<><button type="button" onClick={close}>{t("common.cancel")}</button><button class="primary" disabled={busy || !image}><Icon name="image" />{t("image.share")}</button></>}
    >
      {failed.value ? <Notice icon="offline" live="polite"><p>{t("image.failed")}</p></Notice> : null}
      {studies.value && !studies.value.length ? <Empty icon="image"><p>{t("image.no_study")}</p></Empty> : null}
      <details>
        <summary>{t("image.by_uid")}</summary>
        <TextField label={t("image.uid")} hint={t("image.uid_hint")} max={64} value={uid.value} onInput={(v) => (uid.value = v)} />
      </details>
      {studies.value === null && !failed.value ? <p class="muted" role="status">{t("common.loading")}</p> : null}
      {studies.value?.length ? (
        <div class="cols">
          <Select label={t("image.study")} value={study.value} onPick={(uid) => { choose(uid); slice.value = 0; seriesAt.value = 0; arrows.value = []; }} options={studies.value.map((two) => ({ value: two.uid, label: studyWords(two) }))} />
          <Select label={t("image.series")} value={String(seriesAt.value)} onPick={(n) => { seriesAt.value = Number(n); slice.value = 0; arrows.value = []; }}
            options={series.value.map((two, i) => ({ value: String(i), label: `${two.number ?? i + 1} · ${two.description || two.modality} (${number(slicesOf(two).length)})` }))} />
        </div>
      ) : null}
      {image ? (
        <div class="share">
          <div class="stack">
            <Picture room={room} image={image} onPoint={(x, y) => (arrows.value = [...arrows.value.slice(0, 31), { x, y, text: "" }])} />
            <p class="muted">{t("image.point")}</p>
          </div>
          <div class="stack wide">
            {slices.length > 1 && !byUid ? (
              <label class="field">
                <span class="label tabular">{t("image.slice", { n: at + 1, of: slices.length })}</span>
                <input type="range" min={0} max={slices.length - 1} value={at} onInput={(event) => { slice.value = Number(event.currentTarget.value); arrows.value = []; }} />
              </label>
            ) : null}
            <Choice
              label={t("image.window")} value={preset.value} onPick={pick}
              options={[{ value: "default" as const, label: t("window.default") }, ...(Object.keys(WINDOWS) as Preset[]).map((value) => ({ value, label: t(`window.${value}`) })), { value: "own" as const, label: t("window.own") }]}
            />
            {preset.value === "own" ? (
              <div class="cols">
                <TextField label={t("window.center")} type="number" value={center.value} onInput={(v) => (center.value = v)} />
                <TextField label={t("window.width")} type="number" value={width.value} onInput={(v) => (width.value = v)} />
              </div>
            ) : null}
            <div><button type="button" onClick={() => (arrows.value = [...arrows.value, { x: 256, y: 256, text: "" }])}><Icon name="pointer" />{t("image.add_arrow")}</button></div>
            <ArrowList arrows={arrows.value} set={(next) => (arrows.value = next)} />
            <TextField label={t("image.label")} max={200} value={label.value} onInput={(v) => (label.value = v)} />
          </div>
        </div>
      ) : null}
      <Refused refusal={refusal} />
    </Dialog>
  );
}
