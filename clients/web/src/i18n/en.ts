/** The English catalogue: the same keys as the French one, or this does not compile. */
import type { Catalogue } from "./catalogue";
import { codes } from "./en/codes";
import { devices } from "./en/devices";
import { exam } from "./en/exam";
import { page } from "./en/page";
import { request } from "./en/request";
import { room } from "./en/room";
import { said } from "./en/said";
import { values } from "./en/values";

export const en: Catalogue = { ...page, ...values, ...exam, ...request, ...room, ...said, ...codes, ...devices };
