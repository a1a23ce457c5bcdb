// Small pieces of page. Data goes in as text only.

/** An element with classes and children; strings become text. */
export function element(tag, classes = "", ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(label, classes, pressed) {
  const made = element("button", classes, label);
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

/** Keep `list` showing `items`: what did not change is not touched, so that focus and selection stay. */
export function show(list, items, key, make, empty) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const id = String(key(item));
    const face = JSON.stringify(item) + document.documentElement.lang;
    const known = old.get(id);
    if (known?.face === face) return known;
    const made = make(item);
    made.dataset.key = id;
    made.face = face;
    return made;
  });
  if (!wanted.length) {
    if (list.firstChild?.textContent === empty && list.children.length === 1) return;
    wanted.push(element("li", "empty", empty));
  }
  const focused = document.activeElement?.dataset.focus;
  wanted.forEach((child, at) => {
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  });
  while (list.children.length > wanted.length) list.lastChild.remove();
  if (focused && !document.activeElement?.dataset.focus) list.querySelector(`[data-focus="${focused}"]`)?.focus();
}

/** What a campaign's list tells of a customer, in its order; null when it tells nothing. */
export function columnList(columns) {
  if (!columns.length) return null;
  return element("dl", "facts columns-told", ...columns.flatMap(({ name, value }) => [element("dt", "", name), element("dd", "", value)]));
}

/** A clock that runs since a moment of the server's; `warnAfterS` makes it stand out. */
export function clock(since, warnAfterS = 0) {
  const made = element("time", "running");
  if (since) {
    made.dateTime = since;
    made.dataset.since = Date.parse(since);
    if (warnAfterS) made.dataset.warn = warnAfterS;
  }
  return made;
}

export function runClocks(now) {
  for (const one of document.querySelectorAll("time.running[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Number(one.dataset.since)) / 1000));
    const said = duration(seconds);
    if (one.textContent !== said) one.textContent = said;
    const warn = Number(one.dataset.warn ?? 0);
    one.classList.toggle("late", warn > 0 && seconds >= warn);
  }
}

export function duration(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${hours ? two(minutes) : minutes}:${two(Math.floor(seconds % 60))}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** Country codes of one and of two digits (ITU-T E.164); all others have three. */
const CODE = /^\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/** A number in groups: +372 5550 0123. */
export function phone(number) {
  const code = CODE.exec(number)?.[0];
  const rest = code && number.slice(code.length);
  if (!rest || rest.length < 7 || !/^\d+$/.test(rest)) return number;
  const groups = [rest.slice(-4)];
  let ahead = rest.slice(0, -4);
  while (ahead.length > 4) {
    groups.unshift(ahead.slice(-3));
    ahead = ahead.slice(0, -3);
  }
  return [code, ahead, ...groups].join(" ");
}
