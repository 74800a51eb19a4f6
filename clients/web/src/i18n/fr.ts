/** The French catalogue, whole: what every key says, and which keys there are. */
import { first } from "./fr/first";
import { rest } from "./fr/rest";

export const fr = { ...first, ...rest } as const;
