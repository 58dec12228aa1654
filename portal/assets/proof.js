// Is an entry in the change log that was signed? RFC 6962 over C2SP tiles and signed notes; see docs/published-objects.md.

import { bytesAt } from "./store.js";

const HASH_BYTES = 32;
const WIDTH = 256;
const utf8 = new TextEncoder();

const decoded = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Has one of these keys, lines of `log/keys.json`, signed the checkpoint? Null where the browser cannot tell. */
export async function isSigned(head, lines) {
  const signatures = signaturesIn(head.signed);
  for (const line of lines) {
    const [name, id] = line.split("+", 2);
    const key = line.slice(name.length + id.length + 2); // base64, which may hold a plus of its own
    const signature = signatures.find((one) => one.name === name && one.id === id);
    if (!signature) continue;
    try {
      const known = await crypto.subtle.importKey("raw", decoded(key).subarray(1), "Ed25519", false, ["verify"]);
      if (await crypto.subtle.verify("Ed25519", known, signature.bytes, utf8.encode(head.text))) return true;
    } catch (problem) {
      if (problem.name === "NotSupportedError") return null;
      throw problem;
    }
  }
  return false;
}

/** The signatures below a note: name, id of the key in hex, bytes. */
function signaturesIn(lines) {
  return lines
    .split("\n")
    .filter((line) => line.startsWith("— "))
    .map((line) => {
      const [, name, encoded] = line.split(" ");
      const bytes = decoded(encoded);
      const id = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("");
      return { name, id, bytes: bytes.subarray(4) };
    });
}

/** Does the tree whose root the checkpoint names hold these bytes as its entry `sequence` (from 1)? */
export async function holds(head, sequence, entry) {
  if (!(sequence >= 1 && sequence <= head.sequence)) return false;
  const tree = new Tree(head.sequence);
  const root = await tree.rootThrough(await leafHash(entry), sequence - 1, 0, head.sequence);
  return isSame(root, decoded(head.root));
}

class Tree {
  constructor(size) {
    this.size = size;
    this.rows = new Map();
  }

  /** The root over [start, end), made of this leaf and of what the tiles say of the others. */
  async rootThrough(leaf, index, start, end) {
    if (end - start === 1) return leaf;
    const middle = halfOf(start, end);
    return index < middle
      ? node(await this.rootThrough(leaf, index, start, middle), await this.root(middle, end))
      : node(await this.root(start, middle), await this.rootThrough(leaf, index, middle, end));
  }

  async root(start, end) {
    const level = Math.log2(end - start);
    if (Number.isInteger(level)) return this.complete(level, start / (end - start));
    const middle = halfOf(start, end);
    return node(await this.root(start, middle), await this.root(middle, end));
  }

  /** The hash over 2 ** level leaves. */
  async complete(level, index) {
    const count = 2 ** (level % 8);
    const row = await this.row(Math.floor(level / 8), Math.floor((index * count) / WIDTH));
    const first = (index * count) % WIDTH;
    let hashes = Array.from({ length: count }, (_, each) => row.subarray((first + each) * HASH_BYTES, (first + each + 1) * HASH_BYTES));
    while (hashes.length > 1) {
      const half = Array.from({ length: hashes.length / 2 }, (_, each) => node(hashes[2 * each], hashes[2 * each + 1]));
      hashes = await Promise.all(half);
    }
    return hashes[0];
  }

  row(level, number) {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - number * WIDTH);
    const groups = [String(number % 1000).padStart(3, "0")];
    for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
    const key = `tile/${level}/${groups.join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
    if (!this.rows.has(key)) this.rows.set(key, bytesAt(key).then((body) => new Uint8Array(body)));
    return this.rows.get(key);
  }
}

/** Where RFC 6962 divides: after the largest power of two that is smaller than the width. */
const halfOf = (start, end) => start + 2 ** (Math.ceil(Math.log2(end - start)) - 1);

const leafHash = (entry) => hash([0], new Uint8Array(entry));
const node = (left, right) => hash([1], left, right);

async function hash(prefix, ...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob([new Uint8Array(prefix), ...parts]).arrayBuffer()));
}
