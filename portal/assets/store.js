// Reading what was published: pointers first, then what they name, each checked against its digest.

/** The object is not there. */
export class Missing extends Error {}
/** The bytes are not those that the record names. */
export class Altered extends Error {}
/** The store could not be reached or answered with an error. */
export class Unreachable extends Error {}

const REPLY_ID = /^\d{6}-[a-z2-7]{12}$/;
const KEY = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9._-]+)*$/i;

export function isReplyId(text) {
  return REPLY_ID.test(text ?? "");
}

/** A key as an address beside this page. Keys come out of published records: one that leads elsewhere is refused. */
export function address(key) {
  if (!KEY.test(key ?? "") || key.includes("..")) throw new Altered("key");
  return new URL(key, document.baseURI).href;
}

async function bytesOf(key, cache) {
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

/** Lower-case hex SHA-256; null where the browser offers none, as on plain http. */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function checked(key, expected) {
  const bytes = await bytesOf(key, "default");
  const found = expected ? await sha256(bytes) : null;
  if (found && found !== expected) throw new Altered(key);
  return bytes;
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Altered("json");
  }
}

const pointer = async (key) => parsed(await bytesOf(key, "no-cache"));

const ROWS_PER_PAGE = 64;

/** How much is published, as the signed checkpoint says. Null where nothing is yet. The signature is not checked here. */
export async function head() {
  try {
    const [text] = new TextDecoder().decode(await bytesOf("log/checkpoint", "no-cache")).split("\n\n");
    const [, size, , ...more] = text.split("\n");
    const named = Object.fromEntries(more.map((line) => line.split(" ", 2)));
    const replies = Number(named.replies);
    return { sequence: Number(size), replies, pages: Math.ceil(replies / ROWS_PER_PAGE), updated_at: named.time };
  } catch (problem) {
    if (problem instanceof Missing) return null;
    throw problem;
  }
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

/** Where a reply stands now, and the manifest of the wanted version (the current one where none is wanted). */
export async function publication(id, version) {
  const current = await pointer(`doc/${id}/current.json`);
  const wanted = version && version !== current.version ? version : null;
  const key = wanted ? versionKey(id, wanted) : current.manifest_key;
  const manifest = parsed(await checked(key, wanted ? null : current.manifest_sha256));
  return { current, manifest };
}

/** The manifest of every version up to the current one, newest first; those that are gone are left out. */
export async function versions(id, current) {
  const numbers = Array.from({ length: current.version }, (_, index) => current.version - index);
  const found = await Promise.allSettled(numbers.map(async (number) => parsed(await checked(versionKey(id, number)))));
  return found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

const versionKey = (id, version) => `doc/${id}/v${version}/manifest.json`;

/** The artifact of a role, or null. */
export function artifact(manifest, role) {
  return (manifest.artifacts ?? []).find((one) => one.role === role) ?? null;
}

export async function jsonOf(one) {
  return parsed(await checked(one.key, one.sha256));
}

export async function textOf(one) {
  return new TextDecoder().decode(await checked(one.key, one.sha256));
}

/** How many replies of each kind there are. */
export const counts = () => pointer("statistics.json");

/** The text behind a key of the record. */
export async function textAt(key) {
  return new TextDecoder().decode(await bytesOf(key, "default"));
}

/** Does the original that the store gives out now have the digest of the record? Null where it cannot be told. */
export async function matches(one) {
  const found = await sha256(await bytesOf(one.key, "no-store"));
  return found === null ? null : found === one.sha256;
}
