// The catalogue, newest first, with filters over what is loaded. Older pages are fetched as they are needed.

import { element, narrowing } from "./element.js";
import { cataloguePage, head } from "./store.js";
import { dateWords, meetingWords, numberWords, resultWord } from "./words.js";

const ROWS_SHOWN = 20;
/** Rows loaded before the first drawing, so that the filters offer more than what happened to come last. */
const ROWS_AT_FIRST = 256;
/** Catalogue pages fetched for one action, of 64 replies each: a search must not silently read a whole archive. */
const PAGES_AT_ONCE = 16;

const FILTERS = [
  { name: "year", label: "成文年份", value: (row) => (row.date_of_issue ?? "").slice(0, 4), newestFirst: true },
  { name: "authority", label: "发文机关", value: (row) => row.issuing_authority ?? "" },
  { name: "kind", label: "类别", value: (row) => row.submission?.kind ?? "", word: { 建议: "人大建议", 提案: "政协提案" } },
  { name: "session", label: "届次", value: (row) => meetingWords(row.submission) },
  { name: "result", label: "办理结果", value: (row) => resultWord(row.handling_result) },
  { name: "topic", label: "主题", value: (row) => row.topic ?? "" },
];

/** Rows loaded so far, from the newest catalogue page backwards. */
class Catalogue {
  constructor(summary) {
    this.total = summary?.replies ?? 0;
    this.next = (summary?.pages ?? 0) - 1;
    this.rows = [];
  }

  get complete() {
    return this.next < 0;
  }

  async load() {
    const page = this.next;
    const rows = (await cataloguePage(page)).filter(({ title }) => title); // what was taken down keeps its place only
    this.next = page - 1;
    this.rows.push(...rows.toSorted((one, other) => other.slot - one.slot));
  }
}

/** Show the list that the address asks for. */
export async function showList({ place, draw: show, go, current }, address) {
  const catalogue = new Catalogue(await head());
  const wanted = Object.fromEntries([...FILTERS.map(({ name }) => name), "q"].map((name) => [name, address.get(name) ?? ""]));
  let page = Math.max(1, Number.parseInt(address.get("page") ?? "1", 10) || 1);

  const found = () => catalogue.rows.filter((row) => fits(row, wanted));
  async function reach(count) {
    for (let turn = 0; turn < PAGES_AT_ONCE && !catalogue.complete && found().length < count; turn += 1) {
      await catalogue.load();
    }
  }
  // Whoever searches is told how many there are, so a search looks as far as one action may.
  const enough = () => (isNarrowed(wanted) ? Infinity : page * ROWS_SHOWN + 1);
  await reach(Math.max(enough(), ROWS_AT_FIRST));
  if (!current()) return null;

  const filters = element("form", { class: "filters", role: "search", "aria-label": "查找答复" });
  const count = element("p", { class: "count", role: "status" });
  const rows = element("ol", { class: "rows" });
  const pages = element("nav", { class: "pages", "aria-label": "翻页" });
  const nothing = element("p", { class: "state" });

  function draw() {
    const hits = found();
    page = Math.min(page, Math.max(1, Math.ceil(hits.length / ROWS_SHOWN)));
    const shown = hits.slice((page - 1) * ROWS_SHOWN, page * ROWS_SHOWN);
    count.textContent = countWords(catalogue, hits.length, isNarrowed(wanted));
    rows.replaceChildren(...shown.map(rowItem));
    rows.hidden = !shown.length;
    nothing.hidden = Boolean(shown.length);
    nothing.textContent = catalogue.total ? "没有符合条件的答复。" : "还没有公开的答复。";
    pages.replaceChildren(...pageButtons(hits.length));
    fillFilters(filters, catalogue.rows, wanted);
    filters.querySelector(".clear").hidden = !isNarrowed(wanted);
  }

  function pageButtons(hits) {
    const more = page * ROWS_SHOWN < hits || (!catalogue.complete && hits >= ROWS_SHOWN);
    const searchOn = !catalogue.complete && isNarrowed(wanted) && page * ROWS_SHOWN >= hits;
    if (page === 1 && !more && !searchOn) return [];
    return [
      element("button", { type: "button", disabled: page === 1, onclick: () => turn(-1) }, "上一页"),
      element("span", {}, `第 ${page} 页`),
      searchOn
        ? element("button", { type: "button", onclick: further }, "继续查找更早的答复")
        : element("button", { type: "button", disabled: !more, onclick: () => turn(1) }, "下一页"),
    ];
  }

  async function turn(step) {
    page += step;
    await reach(page * ROWS_SHOWN + 1);
    remember();
    draw();
    place.focus({ preventScroll: true });
    rows.scrollIntoView({ block: "start" });
  }

  async function further() {
    await reach(Infinity);
    draw();
  }

  function remember() {
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    if (page > 1) query.set("page", String(page));
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  }

  let typing;
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(async () => {
      for (const name of Object.keys(wanted)) wanted[name] = filters.elements.namedItem(name).value.trim();
      page = 1;
      await reach(enough());
      remember();
      draw();
    }, 200);
  });
  filters.append(...filterFields(wanted, () => go(location.pathname)));
  draw();
  show(element("h1", { class: "unseen" }, "答复目录"), filters, count, rows, nothing, pages);
  return null;
}

const isNarrowed = (wanted) => Object.values(wanted).some(Boolean);

function fits(row, wanted) {
  if (FILTERS.some(({ name, value }) => wanted[name] && value(row) !== wanted[name])) return false;
  const said = [row.title, row.document_number, row.reply_id, ...(row.submission?.numbers ?? [])].join("\n");
  return folded(wanted.q).split(" ").every((word) => folded(said).includes(word));
}

/** Full-width and half-width letters, brackets of any form and letter case are one to a reader who searches. */
function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[〔［【\[(（]/gu, "[").replace(/[〕］】\])）]/gu, "]").replace(/\s+/gu, " ").trim();
}

function countWords(catalogue, hits, narrowed) {
  if (!catalogue.total) return "";
  const total = catalogue.total.toLocaleString("zh-CN");
  if (!narrowed) return `共公开 ${total} 件，按公开先后排列，新的在前。`;
  const scope = catalogue.complete ? `全部 ${total} 件` : `最近公开的 ${catalogue.rows.length.toLocaleString("zh-CN")} 件`;
  return `在${scope}中找到 ${hits.toLocaleString("zh-CN")} 件。`;
}

function rowItem(row) {
  const details = [
    row.issuing_authority,
    row.document_number,
    dateWords(row.date_of_issue),
    [meetingWords(row.submission), numberWords(row.submission)].filter(Boolean).join(" "),
    resultWord(row.handling_result),
  ].filter(Boolean);
  return element(
    "li",
    {},
    element(
      "h2",
      {},
      element("a", { href: `r/${row.reply_id}.html` }, row.title),
      row.version > 1 ? element("span", { class: "mark" }, "已更正") : null,
      row.extent === "摘要" ? element("span", { class: "mark" }, "摘要") : null,
    ),
    element("ul", {}, details.map((detail) => element("li", {}, detail))),
  );
}

function filterFields(wanted, clear) {
  const search = element("input", { type: "search", name: "q", value: wanted.q, placeholder: "标题、文号、建议提案号", autocomplete: "off" });
  const selects = FILTERS.map(({ name, label }) => element("label", {}, label, element("select", { name })));
  return [
    element("div", { class: "search" }, element("label", {}, "在目录中查找", search), element("button", { type: "submit" }, "查找")),
    narrowing(FILTERS.some(({ name }) => wanted[name]), selects, element("button", { type: "button", class: "clear", onclick: clear }, "清除")),
  ];
}

const optionWords = (value, word) => (value ? (word?.[value] ?? value) : "全部");

/** Offer the values that occur, and the one that is asked for even if no loaded row has it. */
function fillFilters(filters, rows, wanted) {
  for (const { name, value, word, newestFirst } of FILTERS) {
    const values = [...new Set([...rows.map(value), wanted[name]])].filter(Boolean);
    values.sort((one, other) => one.localeCompare(other, "zh-CN") * (newestFirst ? -1 : 1));
    const options = ["", ...values].map((one) => element("option", { value: one, selected: one === wanted[name] }, optionWords(one, word)));
    const select = filters.elements.namedItem(name);
    select.replaceChildren(...options);
    select.closest("label").hidden = !values.length;
  }
}
