// Full-text search: what was found, newest first, each with the sentence around the phrase.

import { element } from "./element.js";
import { find, openIndex, rowsOf, runs } from "./search.js";
import { textAt } from "./store.js";
import { dateWords } from "./words.js";

const SHOWN = 10;
const AROUND = 36;

let opened = null;

/** Show what holds the phrase that the address asks for. */
export async function showFound({ place, current }, address) {
  const phrase = (address.get("text") ?? "").trim();
  const heading = element("h1", { class: "asked" }, phrase ? `全文检索：${phrase}` : "全文检索");
  opened ??= openIndex().catch((problem) => {
    opened = null;
    throw problem;
  });
  const index = await opened;
  const hits = index && (await find(index, phrase));
  if (!current()) return null;
  const field = document.querySelector(".find input");
  if (field) field.value = phrase;
  if (!hits) {
    const said = index ? "请输入两个以上的字。" : "还没有可以检索的答复。";
    place.replaceChildren(heading, element("p", { class: "state", role: "status" }, said));
    return phrase || "全文检索";
  }

  const list = element("ol", { class: "rows", hidden: !hits.length });
  const count = element("p", { class: "count", role: "status" });
  const more = element("nav", { class: "pages", "aria-label": "更多结果" });
  let next = 0;
  async function further() {
    const rows = await rowsOf(index, hits.slice(next, next + SHOWN));
    next += SHOWN;
    const items = rows.map((row) => item(row));
    list.append(...items.map(([each]) => each));
    more.replaceChildren(
      ...(next < hits.length ? [element("button", { type: "button", onclick: further }, `再显示 ${Math.min(SHOWN, hits.length - next)} 件`)] : []),
    );
    await Promise.all(items.map(([, quote], each) => fill(quote, rows[each], phrase)));
  }
  count.textContent = hits.length ? `找到约 ${hits.length.toLocaleString("zh-CN")} 件，新的在前。` : "没有找到。请换一个词，或者少写几个字。";
  place.replaceChildren(heading, count, list, more);
  await further();
  return phrase;
}

function item([id, version, title, authority, date, result]) {
  const quote = element("p", { class: "quote", hidden: true });
  const details = [authority, dateWords(date), result].filter(Boolean);
  const link = element("a", { href: `?${new URLSearchParams({ reply: id })}`, "data-view": true }, title);
  const mark = version > 1 ? element("span", { class: "mark" }, `第 ${version} 版`) : null;
  const list = element("ul", {}, details.map((detail) => element("li", {}, detail)));
  return [element("li", {}, element("h2", {}, link, mark), list, quote), quote];
}

/** The words around the phrase. A letter whose text cannot be read now keeps its row: it was found all the same. */
async function fill(quote, row, phrase) {
  const key = row[6];
  if (!key) return;
  let text;
  try {
    text = await textAt(key);
  } catch {
    return;
  }
  const parts = around(text, phrase);
  if (!parts) return;
  const [before, found, after] = parts;
  quote.append(before, element("mark", {}, found), after);
  quote.hidden = false;
}

function around(text, phrase) {
  const wanted = runs(phrase).map((run) => run.join("")).toSorted((one, other) => other.length - one.length)[0];
  const folded = text.normalize("NFKC").toLowerCase();
  // Where folding keeps the length, a place in the folded text is the same place in the text.
  const at = folded.length === text.length ? folded.indexOf(wanted) : -1;
  if (at < 0) return null;
  const [from, to] = [Math.max(0, at - AROUND), Math.min(text.length, at + wanted.length + AROUND)];
  const flat = (part) => part.replace(/\s+/gu, " ");
  return [
    (from ? "……" : "") + flat(text.slice(from, at)),
    text.slice(at, at + wanted.length),
    flat(text.slice(at + wanted.length, to)) + (to < text.length ? "……" : ""),
  ];
}
