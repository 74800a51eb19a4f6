/** The way of a command to the hub: over the link, or by HTTP, where it is said by whomever the cookie names. */
import { api } from "./api";
import type { Link } from "./link";
import type { Answer } from "./outbox";
import { Refused } from "./refusal";
import { partOf } from "./session";
import type { Entry } from "./shelf";
import { samePart, type Part } from "./types";

export interface Ways {
  link: Link;
  device: string;
  /** The link itself is made of HTTP. */
  streaming(): boolean;
  /** Is it whom this page speaks for? If not, nothing is sent any more. */
  isMe(part: Part): boolean;
  /** The cookie names nobody. */
  nobody(): void;
}

/** What the hub says of `entry`; `lost` keeps it for later. */
export async function send(entry: Entry, ways: Ways): Promise<Answer> {
  const opening = entry.kind === "request.submit";
  // a socket has said in its welcome for whom it speaks; a cookie may be another one by now
  if ((opening || ways.streaming()) && !(await spokenBy(entry, ways))) return "lost";
  const answer = opening ? await submit(entry, ways) : await ways.link.publish(entry);
  if (answer !== "lost" && !answer.ok && answer.refusal.code === 401) {
    ways.nobody();
    return "lost"; // kept, and sent once somebody is logged in again
  }
  return answer;
}

async function spokenBy(entry: Entry, ways: Ways): Promise<boolean> {
  try {
    const part = partOf((await api.session()).person);
    return ways.isMe(part) && samePart(part, entry);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    if (problem.refusal.code === 401) ways.nobody();
    return false;
  }
}

async function submit(entry: Entry, { link, device }: Ways): Promise<Answer> {
  try {
    const { room, seq, dup } = await api.submit(entry.cid, device, entry.body);
    link.rejoin(room); // a request that is offered again brings its room back
    return { ok: true, room, seq, dup: dup ?? false };
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    return problem.refusal.code === 0 ? "lost" : { ok: false, refusal: problem.refusal };
  }
}
