/** To be imported by every view that is fetched later and speaks of rooms or requests. */
import { rest } from "./fr/rest";
import { learn } from "./index";

learn(rest);
