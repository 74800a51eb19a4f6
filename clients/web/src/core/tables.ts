/** The tables of the domain, written by the server's own generator: who may do what, and when. */
import held from "../generated/tables.json";

export const tables = held as unknown as Record<string, any>;
