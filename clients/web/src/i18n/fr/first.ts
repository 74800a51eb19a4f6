/** French of the first load: the page around everything, the worklist, and words for codes. */
import { codes } from "./codes";
import { exam } from "./exam";
import { page } from "./page";

export const first = { ...page, ...exam, ...codes } as const;
