// Alertmanager: sending alerts of a catalogue, what is firing, and what became of the last notification.

import { age } from "./ages.js";
import { post } from "./api.js";
import { busy, fill, h, reconcile } from "./dom.js";
import { action, gist, showPart } from "./side.js";
import { refresh, store } from "./store.js";
import { time } from "./when.js";

const STORM = 20;
const MOST = 500;
const NAME = "Watchdog";

const choice = h("select", { id: "alert-name" });
const count = h("input", { type: "number", id: "alert-count", min: "2", max: String(MOST), value: String(STORM), inputmode: "numeric" });
const watchdog = h("input", { type: "checkbox", role: "switch" });
const fate = h("p", { class: "fate", role: "status" });
const firing = h("ul", { class: "firing" });
const all = h("div", { class: "row" });

async function act(route, body) {
  await post(`/alertmanager/${route}`, body);
  refresh("alertmanager");
}

export function startAlerts() {
  watchdog.addEventListener("change", () => busy(watchdog, () => act("watchdog", { on: watchdog.checked })));
  const storm = () => act("storm", { count: Math.max(2, Math.min(MOST, count.valueAsNumber || STORM)) });
  fill(
    document.getElementById("alerts"),
    h("div", { class: "line" }, h("label", { class: "hidden", for: "alert-name" }, "Alert"), choice, action("Send", "send", "primary", () => act("fire", { name: choice.value }))),
    h("div", { class: "line" }, h("label", { for: "alert-count" }, "Storm of"), count, action("Send", "storm", "", storm, { "aria-label": "Send the storm" })),
    h("label", { class: "switch", title: "An alert that always fires: when it stops, monitoring itself is broken" }, watchdog, h("span", {}, "Watchdog fires, as it should")),
    fate,
    firing,
    all,
  );
}

export function renderAlerts() {
  const state = store.alertmanager;
  showPart("alerts", Boolean(state));
  if (!state) return;
  offer(state.catalogue ?? []);
  watchdog.checked = Boolean(state.watchdog);
  const there = state.alerts.filter((alert) => alert.state !== "resolved" && alert.labels.alertname !== NAME);
  const last = (state.notifications ?? []).at(-1);
  fate.textContent = last ? `${time(new Date(last.at))}: ${became(last)}` : "";
  fate.className = `fate ${last?.state === "taken" ? "" : "bad"}`;
  const items = there.map((alert) => ({ key: alert.fingerprint, sign: JSON.stringify(alert), build: () => show(alert) }));
  if (items.length === 0) items.push({ key: "none", sign: "", build: () => h("li", { class: "quiet" }, "Nothing is firing.") });
  reconcile(firing, items);
  fill(all, there.length > 1 && action(`Resolve all ${there.length}`, "all", "", () => act("resolve", { all: true })));
  const silenced = there.filter((alert) => alert.state === "suppressed").length;
  gist("alerts", there.length === 0 ? "none firing" : `${there.length} firing${silenced ? `, ${silenced} silenced` : ""}`, there.length > silenced ? "wary" : "");
}

function offer(catalogue) {
  const sign = JSON.stringify(catalogue);
  if (choice.dataset.sign === sign) return;
  choice.dataset.sign = sign;
  const services = [...new Set(catalogue.map((entry) => entry.service))];
  fill(choice, services.map((service) => h("optgroup", { label: service || "Platform" }, catalogue.filter((entry) => entry.service === service).map(option))));
}

const option = (entry) => h("option", { value: entry.name }, `${entry.severity} · ${entry.title || entry.name}`);

function show(alert) {
  const { alertname, severity, service } = alert.labels;
  const silenced = alert.state === "suppressed";
  return h(
    "li",
    { class: silenced ? "alert silenced" : `alert ${severity ?? ""}` },
    h(
      "div",
      {},
      h("p", { class: "title" }, alert.annotations?.summary || alertname),
      h("p", { class: "about" }, h("span", { class: "severity" }, severity ?? "no severity"), service, age(Date.parse(alert.startsAt) || Number(alert.startsAt)), silenced && h("span", { class: "tag" }, "silenced")),
    ),
    action("Resolve", alert.fingerprint, "", () => act("resolve", { fingerprint: alert.fingerprint }), { "aria-label": `Resolve ${alertname}` }),
  );
}

const size = (these) => (Array.isArray(these) ? these.length : Number(these ?? 0));

/** What became of a notification, as one would tell a colleague. */
function became({ state, status, error, attempts, firing: on, resolved: off }) {
  if (state === "taken") {
    const told = [size(on) && `${size(on)} firing`, size(off) && `${size(off)} resolved`].filter(Boolean).join(", ");
    return `opsbot took the notification${told ? ` (${told})` : ""}.`;
  }
  if (status === 404) return "opsbot answered 404: this version does not take alerts.";
  if (status === 401 || status === 403) return `opsbot answered ${status}: it does not know Alertmanager's token.`;
  const again = state === "sending" ? " It is told again." : ` Alertmanager gave up${attempts > 1 ? ` after ${attempts} tries` : ""}.`;
  if (status) return `opsbot answered ${status}.${again}`;
  if (state === "sending" && !error) return "A notification is on its way to opsbot.";
  return `opsbot did not answer${store.bot.state === "down" ? ": it is down" : error ? ` (${error})` : ""}.${again}`;
}
