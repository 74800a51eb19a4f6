/** The French catalogue: what every key says, and which keys there are. */
import { codes } from "./fr/codes";
import { exam } from "./fr/exam";
import { page } from "./fr/page";
import { request } from "./fr/request";
import { room } from "./fr/room";
import { said } from "./fr/said";

export const fr = { ...page, ...exam, ...request, ...room, ...said, ...codes } as const;
