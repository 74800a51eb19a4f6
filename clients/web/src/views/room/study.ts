/** When a picture was taken, so that nobody takes a prior for tonight's exam. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RoomState, RoomView } from "../../core";
import { t } from "../../i18n";
import { day, fromSite } from "../../i18n/time";
import { modality } from "../words";

/** A study as the hub lists it: `date` 2026-11-21 and `time` 23:41 of the scanner's own clock, "" where not known. */
export interface Study {
  uid: string;
  date: string;
  time: string;
  modality: string;
  description: string;
}

/** The few attributes of a QIDO answer (PS3.18) that a person tells studies apart by. */
export function studyOf(answer: Record<string, unknown>): Study | null {
  const value = (tag: string): string => {
    const held = (answer[tag] as { Value?: unknown[] } | undefined)?.Value;
    return held ? held.map(String).join("/") : "";
  };
  const uid = value("0020000D");
  if (!uid) return null;
  return {
    uid, description: value("00081030"), modality: value("00080061"),
    date: value("00080020").match(/^\d{8}$/) ? value("00080020").replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3") : "",
    time: value("00080030").match(/^\d{4}/) ? value("00080030").replace(/^(\d{2})(\d{2}).*$/, "$1:$2") : "",
  };
}

/** In one line, as a picker shows it. */
export const studyWords = (one: Study): string => [one.description, one.modality, day(one.date)].filter(Boolean).join(" · ") || one.uid;

/** A scanner's clock may be that much behind; and a CT may be under way while its request is typed. */
const LEEWAY_MS = 3_600_000;

/** Was it taken before this exam was asked for? Then it is a prior. */
export function isPrior(study: Study, requested: RoomState["requested"]): boolean {
  if (!study.date || requested === null) return false;
  const taken = Date.parse(fromSite(`${study.date}T${study.time || "23:59"}`));
  return taken < Date.parse(requested.at) - LEEWAY_MS;
}

/** What stands on the picture. `study`: undefined while it is looked up, null where the hub does not know it. */
export function dateWords(study: Study | null | undefined, requested: RoomState["requested"]): { words: string; prior: boolean } {
  if (study === undefined) return { words: "", prior: false };
  if (!study?.date) return { words: t("image.undated"), prior: false };
  const prior = isPrior(study, requested);
  const at = [day(study.date), study.time].filter(Boolean).join(" ");
  const what = study.modality.split("/").map(modality).join(" + ");
  return { words: `${prior ? `${t("image.prior")} · ` : ""}${what} ${at}`.trim(), prior };
}

/** What a room's list of studies says; `null`: asked for, and not there (yet). */
type Listed = ReadonlyMap<string, Study | null>;

class Studies {
  readonly known = signal<Listed>(new Map());
  private readonly wanted = new Set<string>();
  private reading = false;

  constructor(private readonly room: RoomView) {}

  /** Read the list once for all who want something of it. */
  want(uid: string): void {
    this.wanted.add(uid);
    if (this.reading) return;
    this.reading = true;
    void this.room.studies().catch(() => []).then((answers) => {
      const found = answers.map(studyOf).filter((one) => one !== null).map((one) => [one.uid, one] as const);
      const missing = [...this.wanted].map((uid) => [uid, null] as const);
      this.wanted.clear();
      this.reading = false;
      this.known.value = new Map([...this.known.peek(), ...missing, ...found]);
    });
  }
}

/** By open room: what is known goes with it. */
const OF = new WeakMap<RoomView, Studies>();

function studiesOf(room: RoomView): Studies {
  const held = OF.get(room) ?? new Studies(room);
  OF.set(room, held);
  return held;
}

/** The study of a picture in `room`: undefined while it is looked up, null where the hub does not list it. */
export function useStudy(room: RoomView, uid: string): Study | null | undefined {
  const study = studiesOf(room).known.value.get(uid);
  useEffect(() => {
    if (study === undefined && uid) studiesOf(room).want(uid);
  }, [uid]);
  return study;
}

/** Its picture came after all: so may its date. */
export function lookAgain(room: RoomView, uid: string): void {
  if (studiesOf(room).known.peek().get(uid) === null) studiesOf(room).want(uid);
}
