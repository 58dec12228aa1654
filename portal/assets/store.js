// Reading what was published: pointers first, then what they name.

/** The object is not there. */
export class Missing extends Error {}
/** What was read is not what belongs there. */
export class Altered extends Error {}
/** The store could not be reached or answered with an error. */
export class Unreachable extends Error {}

const REPLY_ID = /^\d{6}-[a-z2-7]{12}$/;
const KEY = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9._-]+)*$/i;
const ROWS_PER_PAGE = 64;

export function isReplyId(text) {
  return REPLY_ID.test(text ?? "");
}

/** A key as an address beside this page. Keys come out of published records: one that leads elsewhere is refused. */
export function address(key) {
  if (!KEY.test(key ?? "") || key.includes("..")) throw new Altered("key");
  return new URL(key, document.baseURI).href;
}

/** The bytes behind a key of the record. */
export async function bytesAt(key, cache = "default") {
  let answer;
  try {
    answer = await fetch(address(key), { cache });
  } catch (problem) {
    throw problem instanceof Altered ? problem : new Unreachable(key);
  }
  if (answer.status === 404 || answer.status === 403) throw new Missing(key);
  if (!answer.ok) throw new Unreachable(key);
  return answer.arrayBuffer();
}

const textOf = (bytes) => new TextDecoder().decode(bytes);

/** The text behind a key of the record. */
export const textAt = async (key) => textOf(await bytesAt(key));

/** Lower-case hex SHA-256; null where the browser offers none, as on plain http. */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The JSON of these bytes. */
export function parsed(bytes) {
  try {
    return JSON.parse(textOf(bytes));
  } catch {
    throw new Altered("json");
  }
}

/** An object that changes, as it is now. */
export const pointer = async (key) => parsed(await bytesAt(key, "no-cache"));

/** The newest checkpoint: what it says, and the lines that sign it. Null where nothing is public yet. */
export async function head() {
  let note;
  try {
    note = textOf(await bytesAt("log/checkpoint", "no-cache"));
  } catch (problem) {
    if (problem instanceof Missing) return null;
    throw problem;
  }
  const end = note.indexOf("\n\n") + 1;
  const [, size, root, ...more] = note.slice(0, end).trimEnd().split("\n");
  const { replies, time, expires } = Object.fromEntries(more.map((line) => line.split(" ", 2)));
  return { text: note.slice(0, end), signed: note.slice(end + 1), sequence: Number(size), root, replies: Number(replies), time, expires, pages: Math.ceil(Number(replies) / ROWS_PER_PAGE) };
}

/** One page of the catalogue, rows by slot. A page that is not written yet has no rows. */
export async function cataloguePage(page) {
  try {
    return (await pointer(`catalogue/${String(page).padStart(6, "0")}.json`)).rows ?? [];
  } catch (problem) {
    if (problem instanceof Missing) return [];
    throw problem;
  }
}

/** How many replies of each kind there are. */
export const counts = () => pointer("statistics.json");
