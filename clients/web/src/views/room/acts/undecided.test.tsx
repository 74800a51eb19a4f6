/** No form answers for the person who fills it in: nothing is picked before they pick it. */
import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import "../../../i18n/inside";
import { core } from "../../../core";
import "../../../core/inside";
import { empty } from "../../../core/room";
import { EMPTY } from "../../request/body";
import { FormParts } from "../../request/RequestForm";
import { AcquisitionAbort, AcquisitionEnd } from "./Acquisition";
import { Checklist } from "./Checklist";
import { EMPTY_SERIES } from "./draftProtocol";
import type { ActForm } from "./form";
import { Justify } from "./Justify";
import { SeriesList } from "./SeriesFields";
import { SimpleAct } from "./SimpleAct";

afterEach(() => render(null, document.body));

const give = vi.fn();
const form: ActForm = { room: core.room("r"), state: empty("r"), about: {}, give, refusal: null, busy: false, close: () => undefined };
/** What stands as an answer: radios, and selects that say something. Sex and identity begin at their "not known". */
const picked = (): string[] => [
  ...[...document.querySelectorAll<HTMLInputElement>("input[type=radio]:checked")].map((one) => one.value),
  ...[...document.querySelectorAll("select")].map((one) => one.value),
].filter((value) => !["", "U", "provisional"].includes(value));

const FORMS = {
  justification: <Justify {...form} />,
  "the end of an acquisition": <AcquisitionEnd {...form} />,
  "its breaking off": <AcquisitionAbort {...form} />,
  checklist: <Checklist {...form} />,
  "the answer to a query": <SimpleAct {...form} kind="protocol.answer" />,
  incident: <SimpleAct {...form} kind="incident.open" />,
  "a series": <SeriesList series={[EMPTY_SERIES]} mr={false} set={() => undefined} />,
  request: <FormParts form={EMPTY} set={() => undefined} tried={false} />,
};

test.each(Object.entries(FORMS))("%s", (_, view) => {
  render(view, document.body);
  expect(document.querySelectorAll("input, select").length).toBeGreaterThan(1);
  expect(picked()).toEqual([]);
});

test("nothing is given where nothing was decided", () => {
  render(<Justify {...form} />, document.body);
  document.querySelector("form")!.requestSubmit();
  expect(give).not.toHaveBeenCalled();
});
