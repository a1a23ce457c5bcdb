// The leads of a campaign that one rule keeps from being called, with until when.

import { ask } from "./asking.js";
import { button, element, phone } from "./build.js";
import { locale, text, textOr } from "./texts.js";

const PAGE = 50;
let open = null; // what is shown: campaign, rule, title, leads, next, error
let drawn = null; // what was shown when it was last drawn

/** When, as short as it can be said. */
export function when(at) {
  return new Date(at).toLocaleString(locale, { weekday: "short", day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit" });
}

export function drawStopped($) {
  const part = $("stopped");
  part.hidden = !open;
  if (!open) return;
  const close = button(text("close"), "plain", () => {
    open = null;
    drawStopped($);
  });
  const scrolled = drawn === open ? part.querySelector(".rows").scrollTop : 0;
  const more = open.next ? button(text("more"), "", () => load($, open)) : "";
  part.replaceChildren(
    element("h2", "", `${open.title}: ${textOr(`rule_${open.rule}`, open.rule)}`),
    close,
    element("ol", "rows", ...(open.leads.length ? open.leads.map(leadRow) : [element("li", "empty", open.loaded ? text("nobody_stopped") : "…")])),
    more,
    element("p", "error", open.error),
  );
  part.querySelector(".rows").scrollTop = scrolled;
  drawn = open;
}

function leadRow(lead) {
  const name = [lead.surname, lead.given_name, lead.patronymic].filter(Boolean).join(" ") || lead.company_name;
  return element(
    "li",
    "row",
    element("span", "caller", element("b", name ? "" : "nameless", name || `#${lead.id}`)),
    element("span", "about", lead.numbers.map((one) => phone(one.number)).join(", ")),
    element("span", "until", lead.next_at ? text("stopped_from", { at: when(lead.next_at) }) : text("stopped_stays")),
  );
}

/** The next page, or as many as hold so many leads. */
async function load($, mine, least = 0) {
  try {
    do {
      const asked = new URLSearchParams({ rule: mine.rule, limit: PAGE });
      if (mine.next) asked.set("cursor", mine.next);
      const page = await ask("GET", `/campaigns/${mine.campaign}/leads?${asked}`);
      mine.leads.push(...page.items);
      mine.next = page.next;
      mine.error = "";
    } while (mine.next && mine.leads.length < least);
  } catch (refusal) {
    mine.error = text("refused", { why: refusal.message });
  }
  mine.loaded = true;
  if (mine === open) drawStopped($);
}

/** What the campaign's tile counts. */
function toldOf(line, { campaign, rule }) {
  return JSON.stringify(line.campaigns.get(campaign)?.stopped.find((one) => one.rule === rule) ?? null);
}

/** Load the list anew once its campaign's tile counts otherwise than when it was loaded. */
export function followStopped(line, $) {
  if (!open?.loaded) return;
  const before = open;
  const told = toldOf(line, open);
  if (told === before.told) return;
  open = { ...before, told, leads: [], next: null, loaded: false };
  drawn = drawn === before ? open : drawn;
  load($, open, before.leads.length);
}

/** A rule on a campaign's tile opens its list. Tiles are made anew each second, so the press counts, not the click. */
export function wireStopped(line, $) {
  const show = (event) => {
    const pressed = event.target.closest?.("[data-rule]");
    if (!pressed || (event.type === "click" && event.detail > 0)) return;
    const campaign = Number(pressed.dataset.campaign);
    open = { campaign, rule: pressed.dataset.rule, title: line.campaigns.get(campaign)?.title ?? "", leads: [], next: null, error: "", loaded: false };
    open.told = toldOf(line, open);
    drawStopped($);
    load($, open);
  };
  $("campaigns").addEventListener("pointerdown", show);
  $("campaigns").addEventListener("click", show); // by the keyboard
}
