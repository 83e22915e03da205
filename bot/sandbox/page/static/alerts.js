// Alertmanager: sending alerts of a catalogue, storms, flapping; what fires, what is silenced there, and what became
// of the last notification.

import { age } from "./ages.js";
import { post } from "./api.js";
import { busy, fill, h, reconcile } from "./dom.js";
import { action, gist, showPart } from "./side.js";
import { refresh, store } from "./store.js";
import { time } from "./when.js";

const STORMS = [
  { label: "of 120 alerts in 40 groups", count: 120, groups: 40, seconds: 0 },
  { label: "of 10,000 alerts in 500 groups, within 60 s", count: 10_000, groups: 500, seconds: 60 },
];
const MOST_SHOWN = 30;
const WHOLE = 500; // the stand-in shows no more one by one, and counts the rest
const NAME = "Watchdog";

const choice = h("select", { id: "alert-name" });
const storms = h("select", { id: "alert-storm" }, STORMS.map(({ label }, index) => h("option", { value: String(index) }, label)));
const watchdog = h("input", { type: "checkbox", role: "switch" });
const fate = h("p", { class: "fate", role: "status" });
const firing = h("ul", { class: "firing", "aria-label": "Firing" });
const all = h("div", { class: "row" });
const silences = h("ul", { class: "silences", "aria-label": "Silences" });
const silencesHead = h("h3", {}, "Silences in Alertmanager");

async function act(route, body) {
  await post(`/alertmanager/${route}`, body);
  refresh("alertmanager");
}

export function startAlerts() {
  watchdog.addEventListener("change", () => busy(watchdog, () => act("watchdog", { on: watchdog.checked })));
  const storm = () => {
    const { count, groups, seconds } = STORMS[Number(storms.value)];
    return act("storm", { count, groups, seconds });
  };
  fill(
    document.getElementById("alerts"),
    h("div", { class: "line" }, h("label", { class: "hidden", for: "alert-name" }, "Alert"), choice, action("Send", "send", "primary", () => act("fire", { name: choice.value })), action("Flap", "flap", "", () => act("flap", { name: choice.value }), { title: "Fires and is over again, three times, a minute each" })),
    h("div", { class: "line" }, h("label", { for: "alert-storm" }, "Storm"), storms, action("Send", "storm", "", storm, { "aria-label": "Send the storm" })),
    h("label", { class: "switch", title: "An alert that always fires: when it stops, monitoring itself is broken" }, watchdog, h("span", {}, "Watchdog fires, as it should")),
    fate,
    firing,
    all,
    silencesHead,
    silences,
  );
}

export function renderAlerts() {
  const state = store.alertmanager;
  showPart("alerts", Boolean(state));
  if (!state) return;
  offer(state.catalogue ?? []);
  watchdog.checked = Boolean(state.watchdog);
  const there = state.alerts.filter((alert) => alert.state !== "resolved" && alert.labels.alertname !== NAME);
  const last = (state.notifications ?? []).filter((one) => one.groupLabels.alertname !== NAME).at(-1);
  fate.textContent = last ? `${time(new Date(last.at))}: ${became(last)}` : "";
  fate.className = `fate ${last?.state === "taken" ? "" : "bad"}`;
  const { active = 0, suppressed = 0 } = counted(state, there);
  const total = active + suppressed;
  reconcile(firing, items(there, total));
  fill(all, total > 1 && action(`Resolve all ${total.toLocaleString("en")}`, "all", "", () => act("resolve", { all: true })));
  renderSilences(state.silences.filter((silence) => silence.status.state !== "expired"));
  gist("alerts", total === 0 ? "none firing" : `${total.toLocaleString("en")} firing${suppressed ? `, ${suppressed.toLocaleString("en")} silenced` : ""}`, active > 0 ? "wary" : "");
}

/** How many fire and how many of those are silenced, but for the Watchdog: it knows more than it shows one by one. */
function counted(state, there) {
  const shown = { active: 0, suppressed: 0 };
  for (const alert of there) shown[alert.state] += 1;
  const of = (name) => Math.max(shown[name], (state.counts?.[name] ?? 0) - (name === "active" && state.watchdog ? 1 : 0));
  return state.alerts.length >= WHOLE ? { active: of("active"), suppressed: of("suppressed") } : shown;
}

function items(there, total) {
  const newest = [...there].sort((one, other) => other.startsAt.localeCompare(one.startsAt)).slice(0, MOST_SHOWN);
  const shown = newest.map((alert) => ({ key: alert.fingerprint, sign: JSON.stringify(alert), build: () => show(alert) }));
  if (total === 0) shown.push({ key: "none", sign: "", build: () => h("li", { class: "quiet" }, "Nothing is firing.") });
  const more = total - shown.length;
  if (total > 0 && more > 0) shown.push({ key: "more", sign: String(more), build: () => h("li", { class: "quiet" }, `and ${more.toLocaleString("en")} more`) });
  return shown;
}

function renderSilences(standing) {
  silencesHead.hidden = standing.length === 0;
  reconcile(silences, standing.map((silence) => ({ key: silence.id, sign: JSON.stringify(silence), build: () => showSilence(silence) })));
}

function showSilence({ id, matchers, createdBy, comment, endsAt }) {
  const what = matchers.map(({ name, value, isEqual, isRegex }) => `${name}${isEqual === false ? "!" : ""}${isRegex ? "~" : "="}${value}`).join(", ");
  return h(
    "li",
    { class: "alert silenced" },
    h("div", {}, h("p", { class: "title" }, what), h("p", { class: "about" }, `by ${createdBy}`, h("span", {}, `until ${time(new Date(endsAt))}`), comment)),
    action("Expire", id, "", () => act("expire", { silence: id }), { "aria-label": `Expire the silence of ${what}` }),
  );
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
    h(
      "div",
      { class: "row" },
      !silenced && action("Silence", `silence-${alert.fingerprint}`, "", () => act("silence", { fingerprint: alert.fingerprint, minutes: 60 }), { "aria-label": `Silence ${alertname} for an hour`, title: "For an hour, as somebody does on Alertmanager's own page" }),
      action("Resolve", alert.fingerprint, "", () => act("resolve", { fingerprint: alert.fingerprint }), { "aria-label": `Resolve ${alertname}` }),
    ),
  );
}

const size = (these) => (Array.isArray(these) ? these.length : Number(these ?? 0));

/** What became of a notification, as one would tell a colleague. */
function became({ state, status, error, attempts, firing: on, resolved: off }) {
  if (state === "taken") {
    const told = [size(on) && `${size(on)} firing`, size(off) && `${size(off)} resolved`].filter(Boolean).join(", ");
    return `opsbot took the notification${told ? ` (${told})` : ""}.`;
  }
  if (status === 401 || status === 403) return `opsbot answered ${status}: it does not know Alertmanager's token.`;
  const again = state === "sending" ? " It is told again." : ` Alertmanager gave up${attempts > 1 ? ` after ${attempts} tries` : ""}.`;
  if (status) return `opsbot answered ${status}.${again}`;
  if (state === "sending" && !error) return "A notification is on its way to opsbot.";
  return `opsbot did not answer${store.bot.state === "down" ? ": it is down" : error ? ` (${error})` : ""}.${again}`;
}
