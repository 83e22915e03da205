// Who is being paged: PagerDuty's incidents, whom each notified, and acting on them there as a person.

import { age } from "./ages.js";
import { post } from "./api.js";
import { fill, h, reconcile } from "./dom.js";
import { link } from "./mrkdwn.js";
import { action, gist, say } from "./side.js";
import { store } from "./store.js";
import { day, time } from "./when.js";

const open = h("div", { class: "pages" });
const past = h("div", { class: "pages" });
const fold = h("details", { class: "past" }, h("summary", {}), past);
const heard = new Set();

export function startPaging() {
  fill(document.getElementById("paging"), open, fold);
}

export function renderPaging() {
  const incidents = [...store.pagerduty.incidents].sort((a, b) => rank(a) - rank(b) || b.number - a.number);
  const unresolved = incidents.filter((incident) => incident.status !== "resolved");
  const resolved = incidents.filter((incident) => incident.status === "resolved");
  const items = unresolved.map((incident, index) => item(incident, index > 0));
  if (items.length === 0) items.push({ key: "nobody", sign: "", build: nobody });
  reconcile(open, items);
  reconcile(past, resolved.map((incident) => item(incident, true)));
  fold.hidden = resolved.length === 0;
  fold.firstChild.textContent = `${resolved.length} resolved`;
  headline(unresolved);
}

/** How many pages ring now. */
export const pagesRinging = () => store.pagerduty.incidents.filter((incident) => incident.status === "triggered").length;

const rank = (incident) => ["triggered", "acknowledged", "resolved"].indexOf(incident.status);
const toldOf = (incident) => store.pagerduty.notifications.filter((one) => one.incident === incident.id);
const nobody = () => h("p", { class: "quiet nobody" }, "Nobody is being paged.");

/** `brief`: of several, only the first is drawn with all that there is to it. */
function item(incident, brief) {
  const told = toldOf(incident);
  return { key: incident.id, sign: JSON.stringify([incident, told, brief]), build: () => show(incident, told, brief) };
}

function headline(unresolved) {
  const ringing = unresolved.filter((incident) => incident.status === "triggered");
  const people = [...new Set(ringing.flatMap((incident) => incident.assignees))];
  if (ringing.length > 0) gist("paging", `${people.length > 1 ? `${people.length} people are` : `${people[0] ?? "nobody"} is`} being paged`, "bad");
  else if (unresolved.length > 0) gist("paging", "acknowledged", "wary");
  else gist("paging", "quiet", "well");
  for (const button of document.querySelectorAll('[data-show="side"]')) button.dataset.count = ringing.length || "";
  const count = document.querySelector("#side-toggle .count");
  count.hidden = ringing.length === 0;
  count.textContent = String(ringing.length);
  const fresh = ringing.filter((incident) => !heard.has(incident.id));
  for (const incident of fresh) heard.add(incident.id);
  if (fresh.length > 0) say(fresh.map((one) => `${one.assignees.join(", ")} is being paged, ${one.service}: ${one.title}`).join(". "));
}

function show(incident, told, brief) {
  return incident.status === "triggered" ? ringing(incident, told, brief) : answered(incident, told);
}

function ringing(incident, told, brief) {
  const who = incident.assignees.join(", ") || "Nobody";
  const since = ["since ", stamp(incident.created_at), " · ", age(incident.created_at)];
  return h(
    "article",
    { class: brief ? "page triggered brief" : "page triggered", data: { incident: incident.id } },
    h(
      "header",
      {},
      h("span", { class: "bell", "aria-hidden": "true" }),
      h(
        "div",
        {},
        h("p", { class: "tier" }, incident.service, brief && [" · ", since]),
        h("h3", {}, h("b", {}, who), " is being paged"),
        !brief && h("p", { class: "since" }, since),
      ),
    ),
    title(incident),
    told.length > 1 && h("p", { class: "told" }, told.map(notified)),
    !brief && h("p", { class: "links" }, incident.links.map((one) => link(one.href, [one.text || one.href]))),
    h("footer", {}, act(incident, "acknowledge", `Acknowledge as ${personOf(incident)}`, "primary"), act(incident, "resolve", "Resolve", "")),
  );
}

function answered(incident, told) {
  const acknowledged = incident.status === "acknowledged";
  const by = agent(acknowledged ? incident.acknowledged_by.at(-1) : incident.changed_by);
  return h(
    "article",
    { class: `page ${incident.status}`, data: { incident: incident.id } },
    h(
      "header",
      {},
      h("div", {}, h("p", { class: "tier" }, incident.service, " · ", stamp(incident.changed_at)), h("h3", {}, `${acknowledged ? "Acknowledged" : "Resolved"} ${by}`)),
      acknowledged && act(incident, "resolve", "Resolve", ""),
    ),
    title(incident),
    h("p", { class: "told" }, told.map(notified)),
  );
}

const title = (incident) => h("p", { class: "title", title: incident.title }, incident.title);

function stamp(at) {
  const instant = new Date(at);
  return h("time", { title: `${day(instant)}, ${time(instant)}` }, time(instant));
}

function notified({ at, person, urgency }) {
  return h("span", {}, urgency === "high" ? "Rang " : "Told, without ringing, ", person, " ", stamp(at));
}

/** As whom one acts there: who is being paged. */
const personOf = (incident) => incident.assignees[0] ?? store.pagerduty.people[0];

function act(incident, verb, label, style) {
  const person = personOf(incident);
  const run = () => post(`/pagerduty/${verb}`, { incident: incident.id, person });
  return action(label, verb, style, run, { "data-page": verb, title: `In PagerDuty, as ${person}` });
}

/**
 * By whom it was done there. What the bot does comes under the name of a service's integration or of the bot's own
 * user, whoever asked the bot for it.
 */
const agent = (name) => (name.endsWith(" Events API v2") || name.toLowerCase() === "opsbot" ? "through opsbot" : `by ${name}`);
