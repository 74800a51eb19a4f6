import { afterEach, expect, test } from "vitest";
import "./inside";
import { said, setLang } from "./index";

afterEach(() => setLang("fr"));

const both = (fr: string, en = "") => ({ fr, en });

test("a field that the hub names is said in words, one without words is left out", () => {
  expect(said(both("Cette date est dans l'avenir : vérifiez-la et corrigez-la. (patient.dob)"))).toBe("Cette date est dans l'avenir : vérifiez-la et corrigez-la. (date de naissance)");
  expect(said(both("Relecture différente du protocole : débit (contrast.rate_ml_s). Relisez."))).toBe("Relecture différente du protocole : débit (Débit). Relisez.");
  expect(said(both("Choisissez un rôle de soin. (role)"))).toBe("Choisissez un rôle de soin.");
  expect(said(both("Au plus 120 caractères (series[2].anything)"))).toBe("Au plus 120 caractères");
});

test("the code of a rule is left out where its words stand", async () => {
  expect(said(both("« DFG inférieur à 30 » : changez, ou passez outre en donnant un motif (règle iodine_egfr_below_30)."))).toBe("« DFG inférieur à 30 » : changez, ou passez outre en donnant un motif.");
  await setLang("en");
  expect(said(both("", "“Allergy” (rule check.allergy), “Renal function” (rule check.renal): give a reason."))).toBe("“Allergy”, “Renal function”: give a reason.");
});

test("words in brackets stay", () => {
  expect(said(both("La salle est close (rouvrez-la) : rien à faire."))).toBe("La salle est close (rouvrez-la) : rien à faire.");
  expect(said(both("Appelez (urgence) le médecin."))).toBe("Appelez (urgence) le médecin.");
});
