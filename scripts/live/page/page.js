// What the page is sent is shown as text, never as HTML: logs and names may say anything.
const $ = (id) => document.getElementById(id);
const points = [];
const events = [];
const mostPoints = 600;
const mostEvents = 200;
const standbys = ["hot", "cold"];
const marks = {
  healthy: "✓",
  unhealthy: "✗",
  starting: "…",
  stopped: "✗",
  absent: "✗",
  off: "○",
  running: "●",
};
let state = null;
let seenAt = 0;

function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

function made(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Keeps the nodes that are there, so that focus stays where it is and nothing is read out twice.
function list(parent, items, keyOf, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    let child = old.get(key);
    old.delete(key);
    if (child === undefined) {
      child = make(item);
      child.dataset.key = key;
    }
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    update(child, item);
  });
  for (const child of old.values()) child.remove();
}

const number = (value) =>
  (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10).toLocaleString("en");
const clock = (at) => new Date(at).toLocaleTimeString();

function machines(parent, some, most) {
  list(
    parent,
    some,
    ({ key }) => key,
    ({ key }) => {
      const button = made("button", { type: "button", class: "machine", id: `machine-${key}` });
      button.append(made("strong"), made("span", { class: "health" }), made("span", { class: "notes" }));
      button.append(made("span", { class: "bar", "aria-hidden": "true" }));
      button.addEventListener("click", () => open(key));
      return made("li", {}, button);
    },
    (item, { key, role, health, bad, notes, rate }) => {
      const button = item.firstChild;
      const [name, word, more, bar] = button.children;
      button.dataset.health = health;
      button.toggleAttribute("data-bad", bad);
      button.toggleAttribute("data-standby", standbys.includes(role));
      text(name, key);
      text(word, `${marks[health] ?? ""} ${health}`);
      text(more, [...notes, ...(rate === null ? [] : [`${number(rate)} requests/s`])].join(", "));
      bar.style.width = `${most > 0 && rate !== null ? Math.round((100 * rate) / most) : 0}%`;
    },
  );
}

function show() {
  const { name, stack, verdict, verdictText, findings, figures, holder, address, pools, steps, underWay } =
    state;
  document.title = `${verdict === "ok" ? "✓" : "✗"} ${name} – hotspare live`;
  text($("name"), name === stack ? name : `${name} (${stack})`);
  text($("holder"), `${holder ?? "nobody"} (${address})`);
  text($("rate"), number(figures.rate));
  text($("errors"), number(figures.errors));
  text($("p99"), figures.p99 === null ? "–" : `${number(figures.p99)} ms`);
  text($("clients"), `${number(figures.rate)} requests/s`);
  verdictIs(verdict, verdictText);
  strings($("findings"), findings);
  const of = (test) => state.machines.filter(test);
  const balancers = of(({ role }) => role === "balancer");
  const most = Math.max(...of(({ pool }) => pool !== null).map(({ rate }) => rate ?? 0), 0);
  machines($("balancers"), balancers, Math.max(...balancers.map(({ rate }) => rate ?? 0), 0));
  list(
    $("pools"),
    pools,
    (pool) => pool.name,
    (pool) =>
      made(
        "section",
        { class: "pool" },
        made("h3", {}, `Pool ${pool.name} `, made("small")),
        made("ul", { class: "machines" }),
      ),
    (section, pool) => {
      text(section.querySelector("small"), pool.about);
      machines(
        section.lastChild,
        of((machine) => machine.pool === pool.name),
        most,
      );
    },
  );
  machines(
    $("others").lastElementChild,
    of(({ role, pool }) => role !== "balancer" && pool === null),
    0,
  );
  release(steps, underWay);
  lines();
  chart();
}

function verdictIs(is, words) {
  $("verdict").dataset.is = is;
  text($("verdict"), words);
}

function strings(parent, words) {
  list(
    parent,
    words,
    (word) => word,
    (word) => made("li", {}, word),
    () => {},
  );
}

function release(steps, underWay) {
  const all = [...steps, ...underWay.map((title) => ({ title, state: "running", phases: [], current: "" }))];
  $("release").hidden = all.length === 0;
  const words = { running: "…", done: "✓", failed: "✗ failed" };
  list(
    $("steps"),
    all,
    ({ title }) => title,
    () => made("li", {}, made("span"), made("ul", { class: "phases" })),
    (item, { title, state: how, phases, current }) => {
      const [line, below] = item.children;
      text(line, `${title} ${words[how] ?? ""}`);
      list(
        below,
        phases.filter(([phase, measure]) => phase !== "" || measure !== ""),
        ([phase]) => phase,
        () => made("li"),
        (entry, [phase, measure]) => {
          text(entry, [phase, measure].filter((word) => word !== "").join(": "));
          if (how === "running" && phase === current) entry.setAttribute("aria-current", "step");
          else entry.removeAttribute("aria-current");
        },
      );
    },
  );
}

// Lines from clients to balancers and on to the pools' nodes, as wide as what goes along them.
function lines() {
  const svg = $("lines");
  const frame = svg.getBoundingClientRect();
  if (frame.width === 0) return;
  const edge = (node, side) => {
    const box = node.getBoundingClientRect();
    return [box[side] - frame.left, box.top + box.height / 2 - frame.top];
  };
  const top = Math.max(state.figures.rate, 1);
  const paths = [];
  const draw = (from, to, rate) => {
    if (!(rate > 0)) return;
    const [x, y] = edge(from, "right");
    const [u, v] = edge(to, "left");
    paths.push([
      `M${x} ${y}C${(x + u) / 2} ${y} ${(x + u) / 2} ${v} ${u} ${v}`,
      1 + (11 * Math.min(rate, top)) / top,
    ]);
  };
  for (const { key, role, pool, rate } of state.machines) {
    const node = $(`machine-${key}`);
    if (node === null) continue;
    if (role === "balancer") draw($("clients"), node, rate);
    else if (pool !== null && state.holder !== null)
      draw($(`machine-${state.holder}`) ?? $("clients"), node, rate);
  }
  while (svg.children.length > paths.length) svg.lastChild.remove();
  while (svg.children.length < paths.length) svg.append(document.createElementNS(svg.namespaceURI, "path"));
  paths.forEach(([d, width], index) => {
    svg.children[index].setAttribute("d", d);
    svg.children[index].setAttribute("stroke-width", width.toFixed(1));
  });
}

function chart() {
  const svg = $("chart").lastElementChild;
  const last = Date.parse(state.at);
  const span = 300_000;
  const x = (at) => 600 - (600 * (last - Date.parse(at))) / span;
  const scale = (values) => 130 / Math.max(...values, 1);
  const slow = scale(points.map(({ p99 }) => p99 ?? 0));
  const busy = scale(points.map(({ rate }) => rate));
  const line = (value) =>
    points.reduce((path, point, index) => {
      const y = value(point);
      if (y === null) return path;
      const joins = index > 0 && value(points[index - 1]) !== null;
      return `${path}${joins ? "L" : "M"}${x(point.at).toFixed(1)} ${(136 - y).toFixed(1)}`;
    }, "");
  const inSight = events.filter(({ at }) => last - Date.parse(at) < span);
  const drawn = [
    ["rate", line(({ rate }) => rate * busy), ""],
    ["p99", line(({ p99 }) => (p99 === null ? null : p99 * slow)), ""],
    ...inSight.map(({ at, text: words }) => ["mark", `M${x(at).toFixed(1)} 0V140`, `${clock(at)} ${words}`]),
  ];
  while (svg.children.length > drawn.length) svg.lastChild.remove();
  while (svg.children.length < drawn.length) {
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.append(document.createElementNS(svg.namespaceURI, "title"));
    svg.append(path);
  }
  drawn.forEach(([kind, d, title], index) => {
    const path = svg.children[index];
    path.setAttribute("class", kind);
    path.setAttribute("d", d);
    text(path.firstChild, title);
  });
  const worst = Math.max(...points.map(({ p99 }) => p99 ?? 0), 0);
  text(
    $("chart-text"),
    `At most ${number(Math.max(...points.map(({ rate }) => rate), 0))} requests a second and a p99 of ${number(worst)} ms; ${inSight.length} events.`,
  );
}

function told(event) {
  const at = events.findLastIndex((other) => other.at <= event.at) + 1;
  events.splice(at, 0, event);
  if (events.length > mostEvents) events.shift();
  const entry = made("li", {}, made("time", { datetime: event.at }, clock(event.at)), event.text);
  // The newest on top.
  $("events").insertBefore(entry, $("events").children[events.length - 1 - at] ?? null);
  while ($("events").children.length > mostEvents) $("events").lastChild.remove();
}

let opener = null;
async function open(key) {
  opener = document.activeElement;
  text($("detail-title"), key);
  $("detail-facts").replaceChildren();
  $("detail-lines").textContent = "…";
  $("detail-trouble").hidden = true;
  $("detail").showModal();
  const answer = await fetch(`machine/${encodeURIComponent(key)}`).then(
    (response) => response.json(),
    (error) => ({ error: String(error) }),
  );
  if ($("detail-title").textContent !== key) return;
  $("detail-trouble").hidden = answer.error === undefined;
  text($("detail-trouble"), answer.error ?? "");
  $("detail-facts").replaceChildren(
    ...(answer.facts ?? []).map(([name, value]) =>
      made("div", {}, made("dt", {}, name), made("dd", {}, value)),
    ),
  );
  $("detail-lines").textContent = (answer.lines ?? []).join("\n") || "It has written nothing.";
}
$("detail").addEventListener("close", () => opener?.focus());

const source = new EventSource("events");
source.addEventListener("past", ({ data }) => {
  const past = JSON.parse(data);
  points.splice(0, points.length, ...past.points);
  events.length = 0;
  $("events").replaceChildren();
  past.events.forEach(told);
});
source.addEventListener("event", ({ data }) => told(JSON.parse(data)));
source.addEventListener("now", ({ data }) => {
  const now = JSON.parse(data);
  if (now.trouble !== null) return verdictIs("stale", `Nothing can be seen now: ${now.trouble}`);
  state = now.state;
  seenAt = Date.now();
  if (points.at(-1)?.at !== state.at)
    points.push({ at: state.at, rate: state.figures.rate, p99: state.figures.p99 });
  if (points.length > mostPoints) points.shift();
  show();
});
source.addEventListener("error", () => verdictIs("stale", "./hotspare live does not answer; trying again"));
setInterval(
  () => text($("seen"), seenAt === 0 ? "–" : `${Math.round((Date.now() - seenAt) / 1000)} s ago`),
  1000,
);
addEventListener("resize", () => state !== null && lines());
