import { expect, test } from "vitest";
import type { Evt } from "../../core";
import "../../i18n/inside";
import { counted, findings, findingWords } from "./findings";
import { isUrgent, sentence, tone } from "./sentence";

const ANSWERS = {
  items: [
    { code: "identity", answer: "not_ok" as const, note: "pas de bracelet" }, { code: "region", answer: "ok" as const },
    { code: "allergy", answer: "unknown" as const }, { code: "renal", answer: "not_ok" as const },
  ],
  overrides: [{ rule: "check.identity", reason: "vu avec Dr Belvarine" }, { rule: "renal", reason: "urgence vitale" }],
  alerts: [{ rule: "check.identity", level: "override" }, { rule: "check.pregnancy", level: "override" }, { rule: "iodine_egfr_below_30", level: "override" }],
} as never;

test("a failed check says the finding, not its own name", () => {
  expect(findings(ANSWERS).map((one) => findingWords(one.code, one.answer))).toEqual([
    "Identité NON vérifiée", "Fonction rénale : problème signalé", "Grossesse écartée ou décision prise : SANS RÉPONSE", "Réaction antérieure au contraste : inconnue",
  ]);
  expect(findings(ANSWERS).map((one) => one.reason)).toEqual(["vu avec Dr Belvarine", "urgence vitale", "", ""]);
  expect(findings(ANSWERS)[0]!.note).toBe("pas de bracelet");
});

test("a check of the site's own is said with its answer", () => {
  expect(findingWords("oxygen", "not_ok")).toBe("oxygen : PROBLÈME");
});

test("the timeline counts them, in red and at once; where all is well it stays quiet", () => {
  const evt = (body: object): Evt => ({ room: "r", seq: 1, id: "i", at: "2026-11-21T22:42:00.000Z", from: { person: "m", name: "Marc", role: "technologist", site: "s", device: "d" }, kind: "checklist.completed", body }) as Evt;
  expect(counted(findings(ANSWERS))).toBe("3 problèmes, 1 inconnu");
  expect(sentence(evt(ANSWERS), null)).toBe("Vérifications par Marc : 3 problèmes, 1 inconnu.");
  expect([tone(evt(ANSWERS)), isUrgent(evt(ANSWERS))]).toEqual(["danger", true]);
  const well = evt({ items: [{ code: "identity", answer: "ok" }] });
  expect(sentence(well, null)).toBe("Vérifications faites par Marc.");
  expect([tone(well), isUrgent(well)]).toEqual(["accent", false]);
});
