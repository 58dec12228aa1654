// Full-text search: what was found, newest first, each with the sentence around the phrase.

import { element, narrowing } from "./element.js";
import { find, openIndex, rowsOf, runs } from "./search.js";
import { counts, textAt } from "./store.js";
import { dateWords, meetingWords } from "./words.js";

const SHOWN = 10;
const AROUND = 36;
/** Characters of a query; what is pasted beyond them is not asked for. */
const LONGEST = 100;

const unique = (values) => [...new Set(values)];
const FILTERS = [
  { name: "year", label: "成文年份", values: (known) => unique(Object.keys(known.months).map((month) => month.slice(0, 4))).toSorted().toReversed() },
  { name: "authority", label: "发文机关", values: (known) => Object.keys(known.authorities).toSorted((one, other) => one.localeCompare(other, "zh-CN")) },
  { name: "kind", label: "类别", values: () => ["建议", "提案"], words: (value) => ({ 建议: "人大建议", 提案: "政协提案" })[value] },
  { name: "session", label: "届次", values: (known) => Object.keys(known.sessions).toSorted(), words: sessionWords },
  { name: "result", label: "办理结果", values: (known) => Object.keys(known.results).filter((value) => value !== "未标注") },
  { name: "topic", label: "主题", values: (known) => Object.keys(known.topics).toSorted((one, other) => one.localeCompare(other, "zh-CN")) },
];

function sessionWords(token) {
  const parts = /^(.*?)(\d*)-(\d*)$/u.exec(token);
  return parts ? meetingWords({ body: parts[1], term: Number(parts[2]), session: Number(parts[3]) }) : token;
}

let opened = null;

/** Index and hits. Segments are replaced while somebody searches: what is gone is asked for once more, anew. */
async function asked(phrase, facets) {
  for (let turn = 1; ; turn += 1) {
    try {
      opened ??= openIndex();
      const index = await opened;
      const hits = index && runs(phrase).length ? await find(index, phrase, facets) : null;
      return { index, hits };
    } catch (problem) {
      opened = null;
      if (turn > 1) throw problem;
      await new Promise((resume) => setTimeout(resume, 500));
    }
  }
}

/** Show what holds the phrase that the address asks for. */
export async function showFound({ draw, current, go }, address) {
  const typed = Array.from((address.get("text") ?? "").trim()).slice(0, LONGEST).join("");
  const heading = element("h1", { class: "asked" }, typed ? `全文检索：${typed}` : "全文检索");
  const facets = FILTERS.flatMap(({ name }) => (address.get(name) ? [`@${name}:${address.get(name)}`] : []));
  const { index, hits, phrase } = await askedInEitherScript(typed, facets);
  if (!current()) return null;
  const field = document.querySelector(".find input");
  if (field) field.value = typed;
  if (!hits) {
    const said = index ? "请输入要找的字词。标点符号不能单独检索。" : "还没有可以检索的答复。";
    draw(heading, element("p", { class: "state", role: "status" }, said));
    return typed || "全文检索";
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
  count.append(...countWords(hits.length, typed, phrase, facets));
  const filters = element("div", {});
  draw(heading, filters, count, list, more);
  await further();
  const known = await counts().catch(() => null); // without them the search itself is whole
  if (known && current()) fillFilters(filters, known, address, go);
  return typed;
}

/** As it was typed; if nothing holds it, in simplified characters, in which nearly all letters are written. */
async function askedInEitherScript(typed, facets) {
  const first = { ...(await asked(typed, facets)), phrase: typed };
  if (first.hits?.length !== 0 || !/\p{Script=Han}/u.test(typed)) return first;
  const { simplified } = await import("./traditional.js");
  const phrase = simplified(typed);
  const second = phrase === typed ? first : { ...(await asked(phrase, facets)), phrase };
  return second.hits?.length ? second : first;
}

function countWords(hits, typed, phrase, facets) {
  if (hits) {
    const instead = phrase === typed ? "" : `没有找到“${typed}”，以下是“${phrase}”的结果。`;
    return [`${instead}找到约 ${hits.toLocaleString("zh-CN")} 件，新的在前。`];
  }
  if (!facets.length) return ["没有找到。请换一个词，或者少写几个字。"];
  const all = element("a", { href: `?${new URLSearchParams({ text: typed })}`, "data-view": true }, "在全部答复中查找");
  return ["在所选范围内没有找到。", all, "。"];
}

/** Selects of what occurs; another choice is another address. */
function fillFilters(place, known, address, go) {
  const form = element("form", { class: "filters", "aria-label": "缩小范围" });
  const fields = FILTERS.map(({ name, label, values, words = (value) => value }) => {
    const wanted = address.get(name) ?? "";
    const offered = unique(["", ...values(known), wanted]);
    const options = offered.map((value) => element("option", { value, selected: value === wanted }, value ? words(value) : "全部"));
    return offered.length > 1 ? element("label", {}, label, element("select", { name }, options)) : null;
  });
  form.append(narrowing(FILTERS.some(({ name }) => address.get(name)), fields, element("button", { type: "submit" }, "缩小范围")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ text: address.get("text") });
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    go(`?${query}`);
  });
  place.replaceChildren(form);
}

function item([id, version, title, authority, date, result]) {
  const quote = element("p", { class: "quote", hidden: true });
  const details = [authority, dateWords(date), result].filter(Boolean);
  const link = element("a", { href: `r/${id}.html` }, title);
  const mark = version > 1 ? element("span", { class: "mark" }, "已更正") : null;
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
