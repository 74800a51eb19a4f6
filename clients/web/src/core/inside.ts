/** To be imported by every view, fetched later, that opens rooms: it brings the fold and the tables. */
import { opensRooms } from "./core";
import { LiveRoom } from "./roomview";

opensRooms(LiveRoom);
