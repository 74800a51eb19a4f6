/**
 * The part of the fold from the scanner's end to the acknowledged report: the twin of
 * hub/room/reading_folds.py.
 */
import type { By } from "../generated/wire";
import { bare } from "./restore";
import type { RoomState } from "./types";

type Body = Record<string, any>;
type Fold = (room: RoomState, by: By, body: Body) => Partial<RoomState>;
type Versions = RoomState["report_versions"];

const version = (by: By, { version, status, content_hash }: Body): Versions[number] => ({
  version,
  status,
  content_hash,
  sealed: by,
});

const sealed: Fold = (room, by, body) => ({
  report: { sealed: by, content: bare("Sealed", body) },
  report_versions: [...room.report_versions, version(by, body)],
  receipt: null,
});

export const READING: Record<string, Fold> = {
  "contrast.recorded": (room, by, body) => ({
    contrast: [...room.contrast, { recorded: by, given: bare("ContrastGiven", body) }],
  }),
  "reaction.reported": (room, by, { text, severity, treatment }) => ({
    reactions: [...room.reactions, { reported: by, text, severity, treatment }],
  }),
  "images.declared": (room, by, { series, instances, complete, note }) => ({
    arrival: { first: room.arrival?.first ?? by, last: by, series, instances, complete, note },
  }),
  "patient.released": (_, by) => ({ released: by }),
  "dose.recorded": (_, by, body) => ({
    dose: { recorded: by, dose: bare("DoseBlock", body), reason: body.reason },
  }),
  "reading.started": (_, by) => ({ reader: by }),
  "reading.stopped": () => ({ reader: null }),
  "report.issued": sealed,
  "report.signed": sealed,
  "addendum.signed": (room, by, body) => ({
    addenda: [...room.addenda, { sealed: by, content: bare("Sealed", body) }],
    report_versions: [...room.report_versions, version(by, body)],
    receipt: null,
  }),
  "report.delivered": (room, by, { version, channel, to, name, note }) => ({
    deliveries: [...room.deliveries, { delivered: by, version, channel, to, name, note }],
  }),
  "report.acknowledged": (_, by, { version, content_hash, action }) => ({
    receipt: { acknowledged: by, version, content_hash, action },
  }),
  "clock.paused": (_, by, { cause, note, clocks }) => ({ pause: { paused: by, cause, note, clocks } }),
  "clock.resumed": () => ({ pause: null }),
};
