/** French of what is fetched later: rooms, and the form of a request. */
import { request } from "./request";
import { room } from "./room";
import { said } from "./said";

export const rest = { ...request, ...room, ...said } as const;
