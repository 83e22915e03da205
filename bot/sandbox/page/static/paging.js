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
  const items = unresolved.map(item);
  if (items.length === 0) items.push({ key: "nobody", sign: "", build: nobody });
  reconcile(open, items);
  reconcile(past, resolved.map(item));
  fold.hidden = resolved.length === 0;
  fold.firstChild.textContent = `${resolved.length} resolved`;
  headline(unresolved);
}

/** How many pages ring now. */
export const pagesRinging = () => store.pagerduty.incidents.filter((incident) => incident.status === "triggered").length;

const rank = (incident) => ["triggered", "acknowledged", "resolved"].indexOf(incident.status);
const toldOf = (incident) => store.pagerduty.notifications.filter((one) => one.incident === incident.id);
const nobody = () => h("p", { class: "quiet nobody" }, "Nobody is being paged.");

function item(incident) {
  const told = toldOf(incident);
  return { key: incident.id, sign: JSON.stringify([incident, told]), build: () => show(incident, told) };
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
  if (fresh.length > 0) say(fresh.map((one) => `${one.assignees.join(", ")} is being paged, ${one.tier}: ${one.title}`).join(". "));
}

function show(incident, told) {
  const triggered = incident.status === "triggered";
  return h(
    "article",
    { class: `page ${incident.status}`, data: { incident: incident.id } },
    h(
      "header",
      {},
      triggered && h("span", { class: "bell", "aria-hidden": "true" }),
      h("div", {}, h("p", { class: "tier" }, incident.tier, !triggered && [" · ", stamp(incident.changed_at)]), triggered ? rings(incident) : settled(incident)),
      incident.status === "acknowledged" && act(incident, "resolve", "Resolve", ""),
    ),
    h("p", { class: "title" }, incident.title),
    (told.length > 1 || !triggered) && h("p", { class: "told" }, told.map(notified)),
    triggered && h("p", { class: "links" }, incident.links.map((one) => link(one.href, [one.text || one.href]))),
    triggered && h("footer", {}, act(incident, "acknowledge", `Acknowledge as ${personOf(incident)}`, "primary"), act(incident, "resolve", "Resolve", "")),
  );
}

function rings(incident) {
  const who = incident.assignees.join(", ") || "Nobody";
  return [h("h3", {}, h("b", {}, who), " is being paged"), h("p", { class: "since" }, "since ", stamp(incident.created_at), " · ", age(incident.created_at))];
}

function settled(incident) {
  const acknowledged = incident.status === "acknowledged";
  const by = agent(acknowledged ? incident.acknowledged_by.at(-1) : incident.changed_by);
  return h("h3", {}, `${acknowledged ? "Acknowledged" : "Resolved"} by ${by}`);
}

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

/** Who did it. What the bot does comes by a service's integration, under the integration's name. */
const agent = (name) => (name.endsWith(" Events API v2") ? "opsbot" : name);
