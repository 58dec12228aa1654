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
const SCORED = [pages[0], pages.at(-2)]; // Lighthouse takes long: the list, and a reply
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
  // Lighthouse reads robots.txt from within the page, whose policy forbids every request. Speed is told, not judged:
  // it is the machine's; JUDGE_SPEED=1 on a quiet one.
  const { lhr } = await lighthouse(address + page, { port, onlyCategories: CATEGORIES, skipAudits: ["robots-txt"], logLevel: "error" });
  const scores = CATEGORIES.map((name) => Math.round((lhr.categories[name].score ?? 0) * 100));
  console.log(`lighthouse: ${page}: ${CATEGORIES.map((name, each) => `${name} ${scores[each]}`).join(", ")}`);
  const noindex = lhr.audits["is-crawlable"]?.score === 0;
  CATEGORIES.forEach((name, each) => {
    if (scores[each] < LEAST_SCORE && !(noindex && name === "seo") && (name !== "performance" || process.env.JUDGE_SPEED)) {
      const failing = lhr.categories[name].auditRefs.filter(({ id }) => (lhr.audits[id].score ?? 1) < 0.9).map(({ id }) => id);
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
if (!process.env.WITHOUT_LIGHTHOUSE) for (const page of SCORED) await scored(page);
await browser.close();
console.log(complaints ? `${complaints} complaints` : "no complaints");
process.exit(complaints ? 1 : 0);
