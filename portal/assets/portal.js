// Which view an address asks for, and what a reader sees while it loads or when it cannot.

import { showCheck } from "./check.js";
import { element } from "./element.js";
import { showFound } from "./find.js";
import { showList } from "./list.js";
import { showReply } from "./reply.js";
import { Altered, Missing } from "./store.js";

const content = document.getElementById("content");
const siteName = document.title;
let latest = 0;

/** Show the view of the present address. A later navigation wins over one that is still loading. */
async function show({ moved }) {
  const turn = ++latest;
  const view = { place: content, go, current: () => turn === latest };
  const address = new URLSearchParams(location.search);
  const slow = setTimeout(() => turn === latest && waiting(), moved ? 200 : 0);
  try {
    const shown = address.has("reply") ? showReply : address.has("text") ? showFound : address.has("check") ? showCheck : showList;
    const title = await shown(view, address);
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

function go(target) {
  history.pushState(null, "", target);
  show({ moved: true });
}

function waiting() {
  content.replaceChildren(element("p", { class: "state", role: "status" }, "正在读取……"));
}

function failed(problem) {
  const [said, advice] = words(problem);
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
    return ["读到的内容与登记的摘要不一致，为避免误导，暂不显示。", "请稍后重新读取；仍然如此，请告知网站的管理单位。"];
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
