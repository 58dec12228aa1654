// One reply: what is known of it, its text, the original, and every version.

import { element, factList } from "./element.js";
import { address as addressOf, artifact, isReplyId, jsonOf, matches, Missing, publication, textOf, versions } from "./store.js";
import { dateWords, dayWords, meetingWords, numberLabel, numberWords, resultWords, sizeWords } from "./words.js";

const LONGEST_HEADING = 40;
const HEADINGS = ["heading1", "heading2", "heading3"];
const CLOSING = ["signature", "date"];
const IMPRINT = ["copied_to", "imprint"];

/** Show the reply that the address asks for; its title. */
export async function showReply({ place, current: stillWanted }, address) {
  const id = address.get("reply");
  if (!isReplyId(id)) throw new Missing(id);
  const version = Number.parseInt(address.get("version") ?? "", 10) || null;
  const { current, manifest } = await publication(id, version);
  const [reply, all] = await Promise.all([replyOf(manifest), versions(id, current)]);
  const text = reply || !artifact(manifest, "text") ? null : await textOf(artifact(manifest, "text"));
  if (!stillWanted()) return null;
  const title = manifest.title ?? reply?.title ?? "答复";
  place.replaceChildren(
    element("p", { class: "back" }, element("a", { href: location.pathname, "data-view": true }, "← 返回目录")),
    ...banners(id, current, manifest),
    element("div", { class: "reply" }, letter(title, manifest, reply, text), beside(id, current, manifest, all)),
  );
  return title;
}

async function replyOf(manifest) {
  const one = artifact(manifest, "reply_json");
  return one ? jsonOf(one) : null;
}

function banners(id, current, manifest) {
  if (["withdrawn", "purged"].includes(current.state)) {
    const reason = manifest.change?.reason;
    return [element("p", { class: "banner" }, `本答复已于${dayWords(current.updated_at)}撤回，不再公开。`, reason ? `原因：${reason}` : "")];
  }
  if (manifest.version === current.version) return [];
  const now = element("a", { href: `?${new URLSearchParams({ reply: id })}`, "data-view": true }, `查看现行的第 ${current.version} 版`);
  return [element("p", { class: "banner" }, `您正在看第 ${manifest.version} 版，它已被更正。`, now, "。")];
}

function letter(title, manifest, reply, text) {
  const original = artifact(manifest, "original");
  return element(
    "article",
    { class: "letter" },
    element("h1", {}, title),
    factList(facts(manifest, reply)),
    original ? element("p", { class: "open" }, element("a", { class: "button", href: addressOf(original.key), type: "application/pdf" }, `查看原件（PDF，${sizeWords(original.size_bytes)}）`)) : null,
    element("div", { class: "text" }, body(reply, text)),
    element("p", { class: "source" }, "网页文字根据原件整理，便于阅读和检索；以原件为准。"),
  );
}

function facts(manifest, reply) {
  const known = { ...manifest.times, ...manifest, ...reply };
  const extent = known.extent ?? known.disclosure?.extent;
  const attribute = known.disclosure?.attribute ?? known.disclosure?.raw;
  return [
    ["答复对象", (known.addressees ?? []).join("、")],
    ["承办单位", known.issuing_authority],
    ["发文字号", known.document_number],
    ["成文日期", dateWords(known.date_of_issue)],
    ["公开属性", [attribute, extent ? `（${extent}公开）` : ""].join("")],
    ["办理结果", resultWords(known.handling_result)],
    ["届次", meetingWords(known.submission)],
    [numberLabel(known.submission), numberWords(known.submission)],
    ["公开日期", dayWords(manifest.times?.published_at)],
    ["公开编号", manifest.reply_id],
  ];
}

function body(reply, text) {
  const paragraphs = (reply?.paragraphs ?? []).filter(({ role }) => role !== "note");
  if (paragraphs.length) return blocks(paragraphs);
  if (text) return [element("p", { class: "plain" }, text)];
  return [element("p", { class: "summary" }, "本答复依法以摘要方式公开，此处不登载全文。")];
}

function blocks(paragraphs) {
  const short = HEADINGS.filter((role) => paragraphs.some((one) => one.role === role && one.text.length <= LONGEST_HEADING));
  const made = [];
  for (const paragraph of paragraphs) {
    const group = CLOSING.includes(paragraph.role) ? "closing" : IMPRINT.includes(paragraph.role) ? "imprint" : null;
    if (!group) made.push(block(paragraph, short));
    else if (made.at(-1)?.className === group) made.at(-1).append(element("p", {}, lines(paragraph.text)));
    else made.push(element("div", { class: group }, element("p", {}, lines(paragraph.text))));
  }
  return made;
}

function block({ role, text }, headings) {
  if (role === "table") return table(text);
  if (role === "salutation") return element("p", { class: role }, lines(text));
  if (!HEADINGS.includes(role)) return element("p", {}, lines(text));
  if (text.length > LONGEST_HEADING) return element("p", { class: "lead" }, lines(text));
  return element(`h${headings.indexOf(role) + 2}`, { class: role }, lines(text));
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [element("br"), line] : [line]));
}

function table(text) {
  const rows = text.split("\n").filter((line) => line.trim()).map((line) => line.split("\t"));
  const width = Math.max(...rows.map((row) => row.length));
  const cells = (row) => Array.from({ length: width }, (_, index) => element("td", {}, row[index] ?? ""));
  return element(
    "div",
    { class: "table", role: "group", "aria-label": "表格", tabindex: 0 },
    element("table", {}, element("tbody", {}, rows.map((row) => element("tr", {}, cells(row))))),
  );
}

function beside(id, current, manifest, all) {
  return element("aside", { class: "beside", "aria-label": "原件和版本" }, originalPart(manifest), filesPart(manifest), versionsPart(id, current, manifest, all));
}

function originalPart(manifest) {
  const original = artifact(manifest, "original");
  const preview = artifact(manifest, "preview");
  if (!original) return null;
  const image = preview ? element("a", { href: addressOf(original.key) }, element("img", { src: addressOf(preview.key), alt: "原件第一页的图像", width: 420, height: 594, loading: "lazy" })) : null;
  const verdict = element("p", { class: "verdict", role: "status" });
  const signature = manifest.provenance?.signature?.detail;
  const check = element("button", { type: "button", onclick: () => verify(original, verdict) }, "核对原件");
  return element(
    "section",
    {},
    element("h2", {}, "原件"),
    image,
    element("p", { class: "small" }, `PDF，${sizeWords(original.size_bytes)}（${original.size_bytes.toLocaleString("zh-CN")} 字节）`),
    element("p", { class: "small" }, "SHA-256"),
    element("p", {}, element("code", {}, original.sha256)),
    check,
    verdict,
    signature ? element("p", { class: "small" }, `数字签名：${signature}`) : null,
  );
}

async function verify(original, verdict) {
  verdict.textContent = "正在核对……";
  try {
    const same = await matches(original);
    verdict.textContent = same === null ? "当前浏览器只在 https 网页上提供核对功能。" : same ? "一致：现在提供的原件就是登记的那一份。" : "不一致！请勿采信，并告知网站的管理单位。";
  } catch {
    verdict.textContent = "暂时读不到原件，请稍后再试。";
  }
}

const FILES = { text: "纯文本", reply_json: "JSON 数据" };

function filesPart(manifest) {
  const files = Object.entries(FILES).flatMap(([role, words]) => {
    const one = artifact(manifest, role);
    return one ? [element("li", {}, element("a", { href: addressOf(one.key) }, words), element("span", { class: "small" }, `　${sizeWords(one.size_bytes)}`))] : [];
  });
  return files.length ? element("section", {}, element("h2", {}, "其他格式"), element("ul", {}, files)) : null;
}

function versionsPart(id, current, manifest, all) {
  const items = all.map((one) => {
    const words = `第 ${one.version} 版${one.version === current.version ? "（现行）" : ""}`;
    const query = new URLSearchParams(one.version === current.version ? { reply: id } : { reply: id, version: one.version });
    const shown = one.version === manifest.version;
    return element(
      "li",
      {},
      shown ? element("strong", { "aria-current": "page" }, words) : element("a", { href: `?${query}`, "data-view": true }, words),
      element("div", { class: "small" }, `${dayWords(one.times?.published_at)}公开`),
    );
  });
  return element("section", {}, element("h2", {}, "版本"), element("ol", {}, items));
}
