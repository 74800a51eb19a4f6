/** French of the first load: the page around everything, and the worklist. */
import { page } from "./page";
import { values } from "./values";

export const first = { ...page, ...values } as const;
