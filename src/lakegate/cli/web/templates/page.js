"use strict";

const EVERY = 1500; // milliseconds between two looks
const PILL = {
  published: "good", failed: "bad", overdue: "bad", rejected: "bad", running: "busy", starting: "busy",
  publishing: "busy", complete: "busy", waiting: "warn", queued: "warn", retrying: "warn", uploaded: "warn",
  SUCCEEDED: "good", FAILED: "bad", TIMEOUT: "bad", STOPPED: "bad", RUNNING: "busy", STARTING: "busy",
};
const MARKS = { done: ["✓", "good-ink"], bad: ["✗", "bad-ink"], waits: ["…", "warn-ink"], told: ["·", "quiet"] };

const byId = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat("en-US");
const seen = new Set();
let chosen = decodeURIComponent(location.hash.slice(1));
let first = true;

/** An element; strings become text nodes, so that nothing in the lake is ever markup. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function size(bytes) {
  for (const [limit, unit] of [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]) {
    if (bytes >= limit) return `${Number((bytes / limit).toPrecision(3))} ${unit}`;
  }
  return `${bytes} B`;
}

function age(moment, now) {
  if (!moment) return "";
  const seconds = Math.max(0, (Date.parse(now) - Date.parse(moment)) / 1000);
  for (const [unit, name] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    if (seconds >= unit) return `${Math.floor(seconds / unit)} ${name}`;
  }
  return "now";
}

const clock = (moment) => (moment ? moment.slice(11, 19) : "");
const pill = (word) => h("span", { class: `pill ${PILL[word] || ""}` }, word);
const plural = (count, word) => `${whole.format(count)} ${word}${count === 1 ? "" : "s"}`;

function zone(item) {
  const list = item.newest.map((object) => {
    const key = `${item.name}/${object.key}/${object.modified}`;
    const fresh = !first && !seen.has(key);
    seen.add(key);
    const name = h("span", { title: object.key }, h("bdi", {}, object.key));
    return h("li", { class: fresh ? "fresh" : "" }, name, h("span", { class: "quiet num" }, size(object.size)));
  });
  return h("section", { class: "card zone", id: `zone-${item.name}` },
    h("div", { class: "head" }, h("h3", {}, item.name),
      h("span", { class: "quiet small" }, `${plural(item.count, "object")}${item.more ? " and more" : ""}, ${size(item.size)}`)),
    h("ul", { class: "mono" }, ...list));
}

function about(item) {
  const parts = [];
  if (item.state === "waiting" || item.state === "overdue") parts.push(`missing: ${item.missing.join(", ")}`);
  if (item.attempt > 1) parts.push(`attempt ${item.attempt}`);
  if (item.rejected_files) parts.push(plural(item.rejected_files, "rejected file"));
  if (item.unjudged_files) parts.push(`${item.unjudged_files} not judged yet`);
  if (item.note) parts.push(item.note);
  return parts.join("; ");
}

function batches(items, now, skipped) {
  const head = h("tr", {}, ...["batch", "state", "for", "rows", ""].map((name) => h("th", {}, name)));
  const rows = items.map((item) => {
    const row = h("tr", { class: `pick ${item.batch === chosen ? "chosen" : ""}`, tabindex: "0" },
      h("td", { class: "wrap" }, item.batch), h("td", {}, pill(item.state)), h("td", { class: "keep" }, age(item.since, now)),
      h("td", { class: "num" }, Object.values(item.table_rows).map((count) => whole.format(count)).join(" + ")), h("td", { class: "small quiet" }, about(item)));
    row.addEventListener("click", () => choose(item.batch));
    row.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(item.batch); });
    return row;
  });
  const none = h("tr", {}, h("td", { class: "quiet" }, "No batch yet: lakegate upload <files> --batch <name>"));
  const left = skipped.map((item) =>
    h("tr", {}, h("td", { colspan: "5", class: "small quiet wrap" }, `skipped: ${item.name}: ${item.why}`)));
  fill("batches", ...(items.length ? [head, ...rows] : [none]), ...left);
}

function runs(items, now) {
  const head = h("tr", {}, ...["batch", "attempt", "state", "took", "started"].map((name) =>
    h("th", { class: name === "attempt" ? "wide" : "" }, name)));
  const rows = items.flatMap(({ run, batch, attempt }) => [
    h("tr", { title: run.run_id }, h("td", { class: "wrap" }, batch), h("td", { class: "wide" }, attempt), h("td", {}, pill(run.state)),
      h("td", { class: "num" }, run.seconds ? `${run.seconds} s` : ""), h("td", { class: "keep" }, `${age(run.started_at, now)} ago`)),
    ...(run.error ? [h("tr", {}, h("td", { colspan: "5", class: "bad-ink small wrap" }, h("div", { class: "clamp", title: run.error }, run.error)))] : []),
  ]);
  fill("runs", ...(rows.length ? [head, ...rows] : [h("tr", {}, h("td", { class: "quiet" }, "None yet."))]));
}

function gold(item) {
  byId("goldtitle").textContent = item
    ? `Gold: ${item.batch}, ${item.rows.length} of ${whole.format(item.total)} rows` : "Gold";
  if (!item || !item.rows.length) {
    fill("gold", h("tr", {}, h("td", { class: "quiet" }, "Nothing is published yet.")));
    return;
  }
  const names = Object.keys(item.rows[0]);
  const cell = (value) => h("td", { class: typeof value === "number" ? "num" : "" }, text(value));
  fill("gold", h("tr", {}, ...names.map((name) => h("th", {}, name))),
    ...item.rows.map((row) => h("tr", {}, ...names.map((name) => cell(row[name])))));
}

function text(value) {
  if (value === null) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? whole.format(value) : value.toFixed(3);
  return String(value).replace(/T(\d\d:\d\d):\d\d\.\d+Z$/, " $1");
}

function detail(item) {
  const status = item.story.status;
  byId("about").textContent = `Batch ${status.batch}`;
  const log = byId("log");
  const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 30;
  const place = log ? log.scrollTop : 0;
  const lines = item.logs.map((line) => {
    const own = Object.entries(line.detail).map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`);
    return [clock(line.at), line.source.padEnd(10), line.message, ...own].join("  ");
  });
  fill("detail",
    h("div", { class: "head" }, pill(status.state), h("span", { class: "small quiet" }, about(status)),
      item.report ? h("a", { href: `/batches/${encodeURIComponent(status.batch)}/report`, target: "_blank" }, "run report") : null),
    h("ol", { class: "story" }, ...item.story.steps.map((step) => {
      const [sign, colour] = MARKS[step.mark];
      const told = h("span", {}, step.text);
      if (step.fix) told.append(h("br"), h("span", { class: "quiet small" }, step.fix));
      return h("li", {}, h("span", { class: colour }, sign), h("span", { class: "mono quiet" }, clock(step.at)), told);
    })),
    item.story.advice.length ? h("ul", { class: "advice" }, ...item.story.advice.map((line) => h("li", {}, line))) : null,
    h("div", { class: "mono log", id: "log", tabindex: "0" }, lines.length ? lines.join("\n") : "No log line yet."));
  const fresh = byId("log");
  fresh.scrollTop = atEnd ? fresh.scrollHeight : place;
}

const painted = {};
/** Replace what an element shows, but only when it differs, so that a selection survives. */
function fill(id, ...children) {
  const box = h("div", {}, ...children);
  if (painted[id] === box.innerHTML) return;
  painted[id] = box.innerHTML;
  byId(id).replaceChildren(...box.childNodes);
}

function choose(batch) {
  chosen = batch;
  location.hash = encodeURIComponent(batch);
  delete painted.batches;
  look(false);
}

async function ask(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function look(again = true) {
  try {
    const lake = await ask("/api/lake");
    fill("zones", ...lake.zones.map(zone));
    batches(lake.batches, lake.at, lake.skipped);
    runs(lake.runs, lake.at);
    gold(lake.gold);
    if (!chosen && lake.batches.length) chosen = lake.batches[0].batch;
    if (chosen) detail(await ask(`/api/batches/${encodeURIComponent(chosen)}`));
    byId("fresh").textContent = `live, ${clock(lake.at)}`;
    byId("fresh").className = "pill good";
    byId("trouble").className = "error";
    first = false;
  } catch (error) {
    byId("fresh").textContent = "not live";
    byId("fresh").className = "pill bad";
    byId("trouble").textContent = error.message;
    byId("trouble").className = "error on";
  }
  if (again) setTimeout(look, EVERY);
}

look();
