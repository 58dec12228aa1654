// Elements are made one by one and text is always a text node: nothing that was published can become markup.

/** Make an element: attributes whose value is null or false are left out; children are elements, strings or null. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const ROOMY = matchMedia("(min-width: 60rem)");

/** Fields that narrow a list: folded where they would push the list off a small screen, unless they are in use. */
export function narrowing(inUse, ...fields) {
  return element("details", { class: "narrowing", open: inUse || ROOMY.matches }, element("summary", {}, "按条件筛选"), element("div", {}, fields));
}

/** A list of label and value; pairs without a value are left out. */
export function factList(facts) {
  const known = facts.filter(([, value]) => value);
  return element(
    "dl",
    { class: "facts" },
    known.map(([label, value]) => element("div", {}, element("dt", {}, label), element("dd", {}, value))),
  );
}
