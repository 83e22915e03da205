// Who is being paged: PagerDuty's incidents, whom each notified, and acting on them there as a person.

import { post } from "./api.js";
import { busy, h, reconcile } from "./dom.js";
import { link } from "./mrkdwn.js";
import { store } from "./store.js";
import { day, time } from "./when.js";

const list = document.getElementById("paging");

export function renderPaging() {
  const incidents = [...store.pagerduty.incidents].sort((a, b) => Number(b.status !== "resolved") - Number(a.status !== "resolved") || b.number - a.number);
  const items = incidents.map((incident) => {
    const told = store.pagerduty.notifications.filter((notification) => notification.incident === incident.id);
    return { key: incident.id, sign: JSON.stringify([incident, told]), build: () => show(incident, told) };
  });
  if (items.length === 0) items.push({ key: "nobody", sign: "", build: nobody });
  reconcile(list, items);
  const open = incidents.filter((incident) => incident.status === "triggered").length;
  document.querySelector('[data-show="side"]').dataset.count = open || "";
}

const nobody = () => h("p", { class: "empty" }, "Nobody is being paged.");

function show(incident, told) {
  return h(
    "article",
    { class: `page ${incident.status}`, data: { incident: incident.id } },
    h("header", {}, h("span", { class: "status" }, incident.status), h("span", { class: "tier" }, incident.tier)),
    h("p", { class: "title" }, incident.title),
    h("ul", {}, told.map(ring)),
    incident.acknowledged_by.length > 0 && h("p", { class: "by" }, `Acknowledged by ${agent(incident.acknowledged_by.at(-1))}`),
    incident.status === "resolved" && h("p", { class: "by" }, `Resolved by ${agent(incident.changed_by)}`),
    incident.links.length > 0 && h("p", { class: "links" }, incident.links.map((one) => link(one.href, [one.text || one.href]))),
    incident.status !== "resolved" && actions(incident),
  );
}

function ring(notification) {
  const at = new Date(notification.at);
  const how = notification.urgency === "high" ? "rings " : "does not ring ";
  return h("li", {}, h("time", { title: `${day(at)}, ${time(at)}` }, time(at)), h("span", {}, how, h("strong", {}, notification.person)));
}

function actions(incident) {
  const person = incident.assignees[0] ?? store.pagerduty.people[0];
  const act = (verb, label, style) => {
    const node = h("button", { type: "button", class: style, data: { focus: verb, page: verb } }, label);
    node.addEventListener("click", () => busy(node, () => post(`/pagerduty/${verb}`, { incident: incident.id, person })));
    return node;
  };
  return h(
    "footer",
    {},
    incident.status === "triggered" && act("acknowledge", `Acknowledge as ${person}`, "primary"),
    act("resolve", "Resolve", ""),
  );
}

/** Who did it. What the bot does comes by a service's integration, under the integration's name. */
const agent = (name) => (name.endsWith(" Events API v2") ? "opsbot" : name);
