// node judges.mjs CHROMIUM ADDRESS PAGE...: what others' tools say of the pages. Exit status 1 if any has a complaint.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import lighthouse from "lighthouse";
import { LinkChecker } from "linkinator";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const [executablePath, address, ...pages] = process.argv.slice(2);
const LEAST_SCORE = 95;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], protocolTimeout: 300000 });
let complaints = 0;

function complain(judge, page, words) {
  complaints += 1;
  console.log(`${judge}: ${page}: ${words}`);
}

async function opened(page, { width, scheme }) {
  const tab = await browser.newPage();
  await tab.setBypassCSP(true); // the judge's own script is none of the page's
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await tab.goto(address + page, { waitUntil: "networkidle0", timeout: 90000 });
  return tab;
}

async function axeAndWidth(page) {
  for (const [scheme, width] of [["light", 320], ["dark", 1280]]) {
    const tab = await opened(page, { width, scheme });
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate(() => axe.run());
    for (const { id, nodes } of violations) complain("axe-core", `${page} ${scheme} ${width}`, `${id}: ${nodes[0].html}`);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) complain("width", `${page} at ${width}`, `${wide} pixels wide`);
    await tab.close();
  }
}

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  // How it is written, not what it says.
  rules: { "void-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "require-sri": "off", "no-inline-style": "off", "tel-non-breaking": "off" },
});

async function html(page) {
  const source = await (await fetch(address + page)).text();
  const { results } = await validator.validateString(source, page);
  for (const { messages } of results) for (const one of messages) complain("html-validate", page, `${one.line}: ${one.ruleId}: ${one.message}`);
}

async function accessible(page) {
  const { issues } = await pa11y(address + page, { browser, ignoreUrl: false, runners: ["htmlcs"], wait: 500, timeout: 90000 });
  for (const issue of issues) complain("pa11y", page, `${issue.code}: ${issue.context}`);
}

async function scored(page) {
  const port = Number(new URL(browser.wsEndpoint()).port);
  let best = null;
  // Whatever else the machine does only ever slows a page down, so the best of three is the page's own speed. It is
  // told, and judged with JUDGE_SPEED=1. Lighthouse reads robots.txt from within the page, whose policy forbids it.
  for (let turn = 0; turn < 3 && !(best?.categories.performance.score * 100 >= LEAST_SCORE); turn += 1) {
    const { lhr } = await lighthouse(address + page, { port, onlyCategories: CATEGORIES, skipAudits: ["robots-txt"], logLevel: "error" });
    if (!best || lhr.categories.performance.score > best.categories.performance.score) best = lhr;
  }
  const scores = CATEGORIES.map((name) => Math.round((best.categories[name].score ?? 0) * 100));
  console.log(`lighthouse: ${page}: ${CATEGORIES.map((name, each) => `${name} ${scores[each]}`).join(", ")}`);
  const noindex = best.audits["is-crawlable"]?.score === 0;
  CATEGORIES.forEach((name, each) => {
    if (scores[each] < LEAST_SCORE && !(noindex && name === "seo") && (name !== "performance" || process.env.JUDGE_SPEED)) {
      const failing = best.categories[name].auditRefs.filter(({ id }) => (best.audits[id].score ?? 1) < 0.9).map(({ id }) => id);
      complain("lighthouse", page, `${name} ${scores[each]}: ${failing.join(", ")}`);
    }
  });
}

async function links() {
  const { links: found } = await new LinkChecker().check({ path: pages.map((page) => address + page), recurse: true, timeout: 20000 });
  console.log(`linkinator: ${found.length} links`);
  for (const { url, state, parent } of found) if (state === "BROKEN") complain("linkinator", parent, url);
}

for (const page of pages) {
  await axeAndWidth(page);
  await html(page);
  await accessible(page);
}
await links();
if (!process.env.WITHOUT_LIGHTHOUSE) for (const page of pages) await scored(page);
await browser.close();
console.log(complaints ? `${complaints} complaints` : "no complaints");
process.exit(complaints ? 1 : 0);
