// A citizen's check: is this file what was published? The file does not leave the browser.

import { element, factList } from "./element.js";
import { Missing, publication, sha256, textAt } from "./store.js";
import { dayWords } from "./words.js";

const TAKEN_DOWN = ["withdrawn", "purged"];

/** Show the page on which a file is dropped. */
export async function showCheck({ place }) {
  const verdict = element("div", { class: "verdict", role: "status" });
  const input = element("input", { type: "file", id: "file", accept: ".pdf,application/pdf" });
  const drop = element(
    "div",
    { class: "drop" },
    element("label", { for: "file" }, "选择答复的 PDF 文件，或者拖到这里"),
    input,
    element("p", { class: "small" }, "文件只在您的浏览器里计算摘要（SHA-256），不会上传。"),
  );
  input.addEventListener("change", () => input.files[0] && check(input.files[0], verdict));
  for (const name of ["dragover", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (name === "drop" && file) check(file, verdict);
    });
  }
  place.replaceChildren(
    element("p", { class: "back" }, element("a", { href: location.pathname, "data-view": true }, "← 返回目录")),
    element("h1", {}, "核对文件"),
    element("p", {}, "手里有一份答复的 PDF，想知道它是不是公开的那一份、后来有没有更正或撤回，可以在这里核对。"),
    drop,
    verdict,
  );
  return "核对文件";
}

async function check(file, verdict) {
  verdict.replaceChildren(element("p", {}, "正在核对……"));
  let answer;
  try {
    answer = await answerFor(await file.arrayBuffer());
  } catch {
    answer = ["unknown", "暂时读不到公开记录，请稍后再试。", []];
  }
  const [kind, sentence, facts, link] = answer;
  verdict.replaceChildren(
    element("p", { class: `answer ${kind}` }, sentence),
    factList([["文件", file.name], ...facts]),
    link ? element("p", {}, element("a", { href: link }, "查看这份答复")) : "",
  );
}

/** Kind, sentence, facts and address: what the published objects say of these bytes. */
async function answerFor(bytes) {
  const digest = await sha256(bytes);
  if (digest === null) return ["unknown", "当前浏览器只在 https 网页上提供核对功能。", []];
  const facts = [["SHA-256", digest]];
  const registered = await entryOf(digest);
  if (!registered) {
    return ["unknown", "未知：这些字节不是现在公开的任何一份答复原件。它可能从未公开，被改动过，或者已经撤回。", facts];
  }
  const { reply_id: id, version, sequence } = registered;
  const { current, manifest } = await publication(id, version);
  const link = `r/${id}.html`;
  facts.push(["公开编号", `${id}，第 ${version} 版`], ["标题", manifest.title], ["公开日期", dayWords(manifest.times?.published_at)]);
  facts.push(["数字签名", manifest.provenance?.signature?.detail], ["变更记录", `第 ${sequence} 条`]);
  if (manifest.provenance?.original_sha256 !== digest) return ["changed", "公开记录前后不一致，请告知网站的管理单位。", facts, link];
  if (TAKEN_DOWN.includes(current.state)) return ["changed", `已撤回：这份答复已于${dayWords(current.updated_at)}停止公开。`, facts, link];
  if (current.version > version) {
    return ["changed", `已被更正：这是第 ${version} 版的原件，现行的是第 ${current.version} 版。`, facts, link];
  }
  return ["same", `一致：这些字节就是${dayWords(manifest.times?.published_at)}公开的原件，登记在变更记录第 ${sequence} 条。`, facts, link];
}

async function entryOf(digest) {
  try {
    return JSON.parse(await textAt(`digests/${digest.slice(0, 3)}.json`))[digest] ?? null;
  } catch (problem) {
    if (problem instanceof Missing) return null;
    throw problem;
  }
}
