// A campaign's tile: how it dials, what it expects, and what keeps it from dialling more.

import { element } from "./build.js";
import { when } from "./stopped.js";
import { locale, text, textOr } from "./texts.js";

const share = (value) => value.toLocaleString(locale, { style: "percent", maximumFractionDigits: 1 });
const number = (value) => value.toLocaleString(locale, { maximumFractionDigits: 1 });

export function campaignTile(campaign) {
  const { pacing, running, lacks } = campaign;
  return element(
    "li",
    running ? "tile campaign" : "tile campaign stopped",
    element("h3", "", campaign.title),
    element("p", "about", `${text(`mode_${campaign.mode}`)} · ${campaign.queue_title}`),
    running ? null : element("p", "bound", text("campaign_stopped", { n: campaign.attempts })),
    pacing ? element("dl", "facts", ...facts(pacing)) : null,
    running && pacing ? element("p", "bound", bound(campaign)) : null,
    lacks.length ? element("p", "lacks", text("campaign_lacks", { what: lacks.map((one) => text(`lack_${one}`)).join(", ") })) : null,
    campaign.stopped.length ? stopped(campaign) : null,
  );
}

/** Which rules stop how many leads, and until when the first of them. */
function stopped({ id, stopped }) {
  return element("div", "stops", element("h4", "", text("stopped_leads")), element("ul", "", ...stopped.map((one) => stop(id, one))));
}

function stop(campaign, { rule, leads, until }) {
  const made = element("button", "plain", textOr(`rule_${rule}`, rule));
  made.type = "button";
  Object.assign(made.dataset, { campaign, rule, focus: `${campaign} ${rule}` });
  const count = element("b", "", leads.toLocaleString(locale));
  return element("li", "", made, element("span", "until", until ? text("stopped_from", { at: when(until) }) : ""), count);
}

function bound({ mode, pacing }) {
  const name = mode === "preview" && pacing.bound === "mode" ? "preview" : pacing.bound;
  return textOr(`bound_${name}`, pacing.bound);
}

function facts(pacing) {
  const { forecast, answered, abandoned, limit } = pacing;
  const rows = [
    ["ready", `${pacing.ready} (${text("idle_of_them", { n: pacing.idle })})`],
    ["dials", `${pacing.dials} + ${pacing.place}`],
    ["kept", `${pacing.kept} + ${pacing.left}`],
  ];
  if (forecast) {
    rows.push(
      ["answer_rate", `${share(forecast.answer_rate)} ± ${share(forecast.answer_rate_spread)}`],
      ["within", text("seconds", { s: number(forecast.window_s) })],
      ["expected_free", number(forecast.freed)],
      ["expected_answers", number(forecast.answers)],
      ["risk", `${share(forecast.next_risk)} / ${share(forecast.accepted_risk)}`],
    );
  }
  const live = answered + abandoned;
  const rate = live ? abandoned / live : 0;
  rows.push(["abandoned_of", `${abandoned} / ${live} = ${share(rate)} (${text("at_most", { share: share(limit) })})`]);
  return rows.map(([name, value]) => element("div", "", element("dt", "", text(`pacing_${name}`)), element("dd", "", value)));
}
