// Which view an address asks for, and what a reader sees while it loads or when it cannot.

import { element } from "./element.js";
import { showList } from "./list.js";
import { Altered, isReplyId, Missing } from "./store.js";

const content = document.getElementById("content");
const siteName = document.title;
let latest = 0;

/** Show the view of the present address. A later navigation wins over one that is still loading. */
async function show({ moved }) {
  const turn = ++latest;
  const slow = setTimeout(() => turn === latest && waiting(), 200);
  function draw(...shown) {
    clearTimeout(slow);
    content.replaceChildren(...shown);
    content.removeAttribute("aria-busy");
  }
  const view = { place: content, draw, go, current: () => turn === latest };
  const address = new URLSearchParams(location.search);
  try {
    const show = await viewOf(address);
    const title = await show(view, address);
    if (turn !== latest) return;
    document.title = title ? `${title} - ${siteName}` : siteName;
    if (moved) {
      content.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  } catch (problem) {
    if (turn === latest) failed(problem);
  } finally {
    clearTimeout(slow);
  }
}

/** What the list does not need is read when it is asked for. */
async function viewOf(address) {
  if (address.has("reply")) return showReply;
  if (address.has("text")) return (await import("./find.js")).showFound;
  if (address.has("check")) return (await import("./check.js")).showCheck;
  return showList;
}

/** A reply has a page of its own; addresses of this form are in links that others keep. */
async function showReply(_view, address) {
  const id = address.get("reply");
  if (!isReplyId(id)) throw new Missing(id);
  const version = Number.parseInt(address.get("version") ?? "", 10);
  location.replace(`r/${id}${version > 0 ? `-v${version}` : ""}.html`);
  return null;
}

function go(target) {
  history.pushState(null, "", target);
  show({ moved: true });
}

function waiting() {
  content.setAttribute("aria-busy", "true");
  content.replaceChildren(element("p", { class: "state", role: "status" }, "正在读取……"));
}

function failed(problem) {
  const [said, advice] = words(problem);
  content.removeAttribute("aria-busy");
  document.title = siteName;
  content.replaceChildren(
    element(
      "div",
      { class: "state", role: "alert" },
      element("h1", {}, said),
      element("p", {}, advice),
      element(
        "p",
        {},
        element("button", { type: "button", onclick: () => show({ moved: false }) }, "重新读取"),
        " ",
        element("a", { class: "button", href: location.pathname, "data-view": true }, "回到目录"),
      ),
    ),
  );
}

function words(problem) {
  if (problem instanceof Missing) return ["没有找到这份答复。", "请核对编号，或者回到目录查找。"];
  if (problem instanceof Altered) {
    return ["读到的内容有误，为避免误导，暂不显示。", "请稍后重新读取；仍然如此，请告知网站的管理单位。"];
  }
  return ["暂时读不到数据。", "请检查网络后重新读取。"];
}

addEventListener("popstate", () => show({ moved: false }));
addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-view]") : null;
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
show({ moved: false });
