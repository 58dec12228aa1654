// Full-text search over static segments: each is read in a few ranges. The format is described in docs/search-index.md.

import { address, Altered, Unreachable } from "./store.js";

const FACET = 64; // "@"
const ROWS_A_GROUP = 16;
/** Whoever pastes a whole page asks for its beginning: a letter that holds so many pairs is hardly another one. */
const MOST_PAIRS = 24;
const utf8 = new TextEncoder();
const SEARCHED = /[\p{L}\p{N}]/u;

/** The stretches of letters and digits of a text, as the index has them. */
export function runs(text) {
  const found = [[]];
  for (const char of text.normalize("NFKC").toLowerCase()) {
    if (SEARCHED.test(char)) found.at(-1).push(char);
    else if (found.at(-1).length) found.push([]);
  }
  return found.filter((run) => run.length);
}

const nextBit = (char) => 1 << (Math.imul(char.codePointAt(0), 2654435761) >>> 28);

/** What a letter must hold: each pair of neighbours and a bit for what follows it, or a character that stands alone. */
function wanted(phrase, facets) {
  const keys = new Map();
  for (const run of runs(phrase)) {
    if (run.length === 1) keys.set(`@${run[0]}`, 0);
    for (let at = 0; at + 1 < run.length && keys.size < MOST_PAIRS; at += 1) {
      const key = run[at] + run[at + 1];
      keys.set(key, (keys.get(key) ?? 0) | (at + 2 < run.length ? nextBit(run[at + 2]) : 0));
    }
  }
  for (const facet of facets) keys.set(facet, 0);
  return Array.from(keys, ([key, bits]) => ({ key: utf8.encode(key), bits }));
}

// --- reading ----------------------------------------------------------------------------------------------------------

async function bytesOf(key, start, end) {
  let answer;
  try {
    // Chromium lets requests for ranges of one address wait for each other; a different query makes them different.
    const place = `${address(key)}?r=${start}`;
    answer = await fetch(place, { headers: { Range: `bytes=${start}-${end - 1}` } });
  } catch (problem) {
    throw problem instanceof Altered ? problem : new Unreachable(key);
  }
  // A part that is missing is no answer: what was found in the others is not all there is.
  if (!answer.ok) throw new Unreachable(key);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const part = answer.status === 206 ? bytes : bytes.subarray(start, end);
  if (part.length !== end - start) throw new Altered(key);
  return part;
}

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Numbers {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  next() {
    let value = 0;
    let factor = 1;
    for (;;) {
      const part = this.bytes[this.at++];
      value += (part & 127) * factor;
      if (part < 128) return value;
      factor *= 128;
    }
  }
}

/** The index as it stands; null where nothing can be searched yet. */
export async function openIndex() {
  let current;
  try {
    const answer = await fetch(address("search/current.json"), { cache: "no-cache" });
    if (answer.status === 404 || answer.status === 403) return null;
    if (!answer.ok) throw new Unreachable("search/current.json");
    current = await answer.json();
  } catch (problem) {
    throw problem instanceof Unreachable ? problem : new Unreachable("search/current.json");
  }
  const segments = await Promise.all(current.segments.map(openSegment));
  return { segments: segments.reverse(), replaced: new Set(current.replaced) };
}

async function openSegment({ key, head_bytes: size }) {
  const start = await bytesOf(key, 0, size);
  if (new TextDecoder().decode(start.subarray(0, 4)) !== "FWS2") throw new Altered(key);
  const numbers = new Numbers(await unpacked(start.subarray(8)));
  const [documents, groupCount, blockCount] = [numbers.next(), numbers.next(), numbers.next()];
  let at = size;
  const groups = Array.from({ length: groupCount }, () => (at += numbers.next()));
  const blocks = [];
  let first = new Uint8Array();
  for (let each = 0; each < blockCount; each += 1) {
    const length = numbers.next();
    const shared = numbers.next();
    const rest = numbers.next();
    const key = new Uint8Array(shared + rest);
    key.set(first.subarray(0, shared));
    key.set(numbers.bytes.subarray(numbers.at, numbers.at + rest), shared);
    numbers.at += rest;
    blocks.push({ first: key, start: at, end: (at += length) });
    first = key;
  }
  return { key, size, documents, groups, blocks };
}

function compare(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

/** The block in which the key must be, if the segment has it. */
function blockOf(segment, key) {
  let [low, high] = [0, segment.blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(segment.blocks[middle].first, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low ? segment.blocks[low - 1] : null;
}

/** Numbers of the documents in the block that have the key and, where bits are wanted, all of them in their mask. */
function postings(block, { key, bits }) {
  const numbers = new Numbers(block);
  while (numbers.at < block.length) {
    const length = numbers.next();
    const here = block.subarray(numbers.at, (numbers.at += length));
    const size = numbers.next();
    const start = numbers.at;
    numbers.at += size;
    if (compare(here, key) === 0) return documentsIn(block.subarray(start, start + size), bits, key[0] === FACET);
  }
  return [];
}

function documentsIn(body, bits, isFacet) {
  const numbers = new Numbers(body);
  const count = numbers.next();
  numbers.next(); // the last one
  const masks = body.length - (isFacet ? 0 : 2 * count);
  const found = [];
  let document = -1;
  for (let each = 0; each < count; each += 1) {
    document += numbers.next() + 1;
    if (isFacet || ((body[masks + 2 * each] | (body[masks + 2 * each + 1] << 8)) & bits) === bits) found.push(document);
  }
  return found;
}

async function findIn(segment, keys) {
  const blocks = keys.map(({ key }) => blockOf(segment, key));
  if (blocks.includes(null)) return [];
  const reads = new Map(blocks.map((block) => [block, null]));
  for (const block of reads.keys()) reads.set(block, bytesOf(segment.key, block.start, block.end).then(unpacked));
  const bodies = await Promise.all(blocks.map((block) => reads.get(block)));
  let found = null;
  for (const [each, body] of bodies.entries()) {
    const here = postings(body, keys[each]);
    const before = found && new Set(found);
    found = before ? here.filter((number) => before.has(number)) : here;
    if (!found.length) return [];
  }
  return found.reverse();
}

/** Every letter that holds the phrase and has all facets, the newest first. */
export async function find(index, phrase, facets = []) {
  const keys = wanted(phrase, facets);
  const found = await Promise.all(index.segments.map((segment) => findIn(segment, keys)));
  return found.flatMap((numbers, each) => numbers.map((number) => ({ segment: index.segments[each], number })));
}

/** What the list shows of these hits; those that are found no more are left out. */
export async function rowsOf(index, hits) {
  const reads = new Map();
  const rows = await Promise.all(
    hits.map(async ({ segment, number }) => {
      const group = Math.floor(number / ROWS_A_GROUP);
      const name = `${segment.key} ${group}`;
      if (!reads.has(name)) reads.set(name, groupOf(segment, group));
      return (await reads.get(name))[number % ROWS_A_GROUP];
    }),
  );
  return rows.filter((row) => row && !index.replaced.has(`${row[0]}/${row[1]}`));
}

async function groupOf(segment, group) {
  const start = group ? segment.groups[group - 1] : segment.size;
  const bytes = await bytesOf(segment.key, start, segment.groups[group]);
  return JSON.parse(new TextDecoder().decode(await unpacked(bytes)));
}
