/** French of what is fetched later: rooms, their acts, and the form of a request. */
import { codes } from "./codes";
import { devices } from "./devices";
import { exam } from "./exam";
import { request } from "./request";
import { room } from "./room";
import { said } from "./said";

export const rest = { ...codes, ...devices, ...exam, ...request, ...room, ...said } as const;
