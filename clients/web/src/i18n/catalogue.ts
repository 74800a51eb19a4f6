/** Which keys there are, by the French catalogue, and what a catalogue must therefore hold. */
import type { fr } from "./fr";

export type Key = keyof typeof fr;
export type Catalogue = Readonly<Record<Key, string>>;
