// Prometheus: how each service does, by generated figures, and making one do worse.

import { post } from "./api.js";
import { h, fill, reconcile } from "./dom.js";
import { action, gist, isOpen, showPart } from "./side.js";
import { refresh, store } from "./store.js";

const EVERY = 5000;
const list = h("ul", { class: "services" });

async function act(route, body) {
  await post(`/prometheus/${route}`, body);
  refresh("prometheus");
}

export function startServices() {
  fill(document.getElementById("services"), h("p", { class: "quiet" }, h("span", { class: "tag" }, "generated data"), " What Prometheus tells opsbot. Break a service, let a minute pass, and type ", h("code", {}, "/slo payment"), "."), list);
  // The figures change with time, and nobody tells: asked for only while somebody looks.
  setInterval(() => {
    if (store.prometheus && !document.hidden && isOpen("services")) refresh("prometheus");
  }, EVERY);
}

export function renderServices() {
  const state = store.prometheus;
  showPart("services", Boolean(state));
  if (!state) return;
  const ill = state.services.filter((service) => !service.healthy).map((service) => service.name);
  gist("services", ill.length > 0 ? `${ill.join(", ")} in trouble` : "all well", ill.length > 0 ? "bad" : "well");
  reconcile(list, state.services.map((service) => ({ key: service.name, sign: JSON.stringify(service), build: () => show(service) })));
}

function show(service) {
  const { name } = service;
  const make = (label, focus, body) => action(label, focus, "", () => act("service", { name, ...body }), { "aria-label": `${label}: ${name}` });
  return h(
    "li",
    { class: service.healthy ? "service" : "service ill" },
    h("h3", { class: `light ${service.healthy ? "running" : "down"}` }, name, h("span", { class: "hidden" }, service.healthy ? " (well)" : " (in trouble)")),
    h("dl", {}, figure("traffic", traffic(service.requests_per_second), "/s"), figure("errors", percent(service.error_ratio), "%"), figure("p95", latency(service.p95_ms), "ms")),
    h("div", { class: "row" }, make("Break", "break", { error_ratio: 0.2 }), make("Slow down", "slow", { latency: 5 }), make("Mend", "mend", { for_minutes: 0 })),
  );
}

const figure = (name, value, unit) => h("div", {}, h("dt", {}, name), h("dd", {}, value, h("small", {}, ` ${unit}`)));

const some = (value) => typeof value === "number" && Number.isFinite(value);
const traffic = (value) => (some(value) ? (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")) : "–");
const percent = (value) => (some(value) ? (100 * value).toFixed(value < 0.01 ? 2 : 1) : "–");
const latency = (value) => (some(value) ? Math.round(value).toLocaleString("en") : "–");
