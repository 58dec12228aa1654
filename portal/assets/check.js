// A citizen's check: is this file what was published? The file does not leave the browser.

import { element, factList } from "./element.js";
import { holds, isSigned } from "./proof.js";
import { Altered, bytesAt, head, Missing, parsed, pointer, sha256 } from "./store.js";
import { dayWords } from "./words.js";

const TAKEN_DOWN = ["withdrawn", "purged"];
const UNSURE = "unknown";

/** Show the page on which a file is dropped. */
export async function showCheck({ draw }) {
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
  draw(
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
  } catch (problem) {
    answer = isBroken(problem) ? BROKEN : { kind: UNSURE, sentence: "暂时读不到公开记录，请稍后再试。" };
  }
  const { kind, sentence, facts = [], steps = [], link, key } = answer;
  verdict.replaceChildren(
    element("p", { class: `answer ${kind}` }, sentence),
    factList([["文件", file.name], ...facts]),
    link ? element("p", { class: "open" }, element("a", { href: link }, "查看这份答复")) : "",
    steps.length ? element("h2", {}, "核对了什么") : "",
    steps.length ? element("ul", { class: "steps" }, steps.map(stepItem)) : "",
    key ? element("p", { class: "small" }, "本网站给出的公钥：", element("code", {}, key)) : "",
  );
}

const BROKEN = { kind: "changed", sentence: "不符：公开记录前后不一致，请勿采信，并告知网站的管理单位。" };

/** What is no record, or no base64: trying again would not help. */
const isBroken = (problem) => problem instanceof Altered || problem.name === "InvalidCharacterError";

const MARKS = new Map([[true, "已核对"], [false, "不符"], [null, "未能核对"]]);

function stepItem([outcome, words]) {
  return element("li", { class: { true: "same", false: "changed" }[outcome] }, element("strong", {}, MARKS.get(outcome)), "：", words);
}

/** What the published objects say of these bytes. */
async function answerFor(bytes) {
  const digest = await sha256(bytes);
  if (digest === null) return { kind: UNSURE, sentence: "当前浏览器只在 https 网页上提供核对功能。" };
  const facts = [["SHA-256", digest]];
  const registered = await entryOf(digest);
  if (!registered) {
    return { kind: UNSURE, sentence: "未知：这些字节不是现在公开的任何一份答复原件。它可能从未公开，被改动过，或者已经撤回。", facts };
  }
  const { reply_id: id, version, sequence } = registered;
  const current = await pointer(`doc/${id}/current.json`);
  if (TAKEN_DOWN.includes(current.state)) {
    return { kind: "changed", sentence: `已撤回：这份答复已于${dayWords(current.updated_at)}停止公开。`, facts, link: `r/${id}.html` };
  }
  const body = await bytesAt(`doc/${id}/v${version}/manifest.json`);
  const manifest = parsed(body);
  const { steps, key, isFresh } = await stepsFor({ digest, manifest, body, id, version, sequence });
  const published = dayWords(manifest.times?.published_at);
  if (steps.some(([outcome]) => outcome === false)) {
    return { ...BROKEN, facts, steps, key };
  }
  facts.push(["公开编号", `${id}，第 ${version} 版`], ["标题", manifest.title], ["公开日期", published], ["变更记录", `第 ${sequence} 条`]);
  return { ...sentenceFor(current, version, published, sequence, isFresh), facts, steps, key, link: `r/${id}.html` };
}

function sentenceFor(current, version, published, sequence, isFresh) {
  if (current.version > version) {
    return { kind: "changed", sentence: `已被更正：这是第 ${version} 版的原件，现行的是第 ${current.version} 版。` };
  }
  if (!isFresh) {
    return { kind: UNSURE, sentence: "字节与登记的相同，但签名或其有效期未能核对，不能确认看到的是最近的公开记录。" };
  }
  return { kind: "same", sentence: `一致：这些字节就是${published}公开的原件，登记在变更记录第 ${sequence} 条。` };
}

/** From the file to the signature, each with what came of it: true, false, or null for what could not be checked. */
async function stepsFor({ digest, manifest, body, id, version, sequence }) {
  const [newest, keys, entry] = await Promise.all([head(), pointer("log/keys.json"), bytesAt(entryKey(sequence))]);
  const said = parsed(entry);
  const isThisOne = said.reply_id === id && said.version === version && said.sequence === sequence;
  const signature = await isSigned(newest, keys.keys);
  // The time of expiry stands in what was signed: without the signature nothing is known of it.
  const isFresh = signature === true && Date.now() < Date.parse(newest.expires);
  const steps = [
    [manifest.provenance?.original_sha256 === digest, "文件的摘要就是发布清单上原件的摘要。"],
    [isThisOne && said.manifest_sha256 === (await sha256(body)), `发布清单的摘要就是变更记录第 ${sequence} 条登记的摘要。`],
    [await holds(newest, sequence, entry), `第 ${sequence} 条在变更记录的散列树里，这棵树现在共有 ${newest.sequence} 条。`],
    [signature, signature === null ? "您的浏览器不能核验 Ed25519 签名，请换用较新的浏览器，或者用 fuwen verify。" : `树根由发布方签名，时间为${dayWords(newest.time)}。`],
    [isFresh || null, freshWords(isFresh, signature, newest)],
    [null, "公钥是本网站自己给出的。网站若被冒充，公钥也会是假的：请与从其他渠道得到的公钥比对。"],
    [null, `PDF 里的电子签名不在这里核验。公开时核验的结果：${manifest.provenance?.signature?.detail ?? "没有记载。"}`],
  ];
  return { steps, key: keys.keys[0], isFresh };
}

function freshWords(isFresh, signature, newest) {
  if (isFresh) return "签名还在有效期内：看到的是最近的记录。";
  if (!signature) return "签名没有核验，它的有效期也就无从知道。";
  return `签名已于${dayWords(newest.expires)}过期：之后有没有更正或撤回，从这里看不出来。`;
}

const entryKey = (sequence) => `log/entries/${String(Math.floor(sequence / 1000)).padStart(9, "0")}/${String(sequence).padStart(12, "0")}.json`;

async function entryOf(digest) {
  try {
    return (await pointer(`digests/${digest.slice(0, 3)}.json`))[digest] ?? null;
  } catch (problem) {
    if (problem instanceof Missing) return null;
    throw problem;
  }
}
