// HTML, style and script of the page.  All text of the witness goes in as text, never as HTML.
#include "witnesses/html_page.hpp"

namespace interlock::witnesses {

const char* const html_page = R"page(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Interlock witness</title>
<style>
:root { color-scheme: light dark; --back: #fff; --text: #1a1a1a; --soft: #666; --line: #ccc;
  --mark: #fff3c4; --bad: #b00020; --arrow: #0b57d0; --wake: #b06000; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --back: #16181c; --text: #e6e6e6;
  --soft: #9aa0a6; --line: #3c4043; --mark: #3a3520; --bad: #ff8a80; --arrow: #8ab4f8; --wake: #fdba5c; } }
:root[data-theme=dark] { color-scheme: dark; --back: #16181c; --text: #e6e6e6; --soft: #9aa0a6;
  --line: #3c4043; --mark: #3a3520; --bad: #ff8a80; --arrow: #8ab4f8; --wake: #fdba5c; }
:root[data-theme=light] { color-scheme: light; }
body { margin: 0 auto; padding: 1rem; max-width: 90rem; background: var(--back); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0 0 .2rem; } h2 { font-size: 1rem; margin: 1rem 0 .3rem; }
.bad { color: var(--bad); font-weight: 600; } .soft { color: var(--soft); }
code, pre, svg text { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12px; }
#controls { position: sticky; top: 0; background: var(--back); border-bottom: 1px solid var(--line);
  padding: .4rem 0; display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; z-index: 1; }
#slider { flex: 1; min-width: 10rem; }
#main { display: grid; grid-template-columns: minmax(0, 1fr) 24rem; gap: 1rem; align-items: start; }
#lanes { overflow-x: auto; } #detail { position: sticky; top: 4rem; overflow-wrap: anywhere; }
#detail table { border-collapse: collapse; } #detail td { padding: 0 .6rem .2rem 0; vertical-align: top; }
#detail td.soft { white-space: nowrap; }
svg { display: block; } svg text { fill: var(--text); } svg a { text-decoration: none; }
svg .lane { stroke: var(--line); } svg .faint { opacity: .22; } svg .chosen { fill: var(--mark); }
svg .fails text { fill: var(--bad); font-weight: 600; } svg .number { fill: var(--soft); }
svg .hand { stroke: var(--arrow); } svg .wake { stroke: var(--wake); }
svg .hand, svg .wake { fill: none; stroke-width: 1.5; }
#story li { cursor: pointer; } a { color: inherit; }
@media (max-width: 60rem) { #main { grid-template-columns: minmax(0, 1fr); } #detail { position: static; } }
#reason { white-space: pre-wrap; overflow-wrap: anywhere; }
#printed { display: none; }
@media print { :root:root:root { color-scheme: light; --back: #fff; --text: #000; --soft: #444; --line: #999;
  --mark: #fff; --bad: #b00020; --arrow: #0b57d0; --wake: #b06000; }
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10pt; } code, pre { font-size: 8pt; }
  #controls, #detail { display: none; } #main { display: block; } h2 { break-after: avoid; }
  #lanes { overflow: visible; } #lanes svg { width: 100%; height: auto; max-height: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  #printed { display: table; border-collapse: collapse; width: 100%; font-size: 8pt; }
  #printed th, #printed td { text-align: left; vertical-align: top; padding: 1pt 5pt 1pt 0;
    border-bottom: 1px solid var(--line); }
  #printed td:nth-child(-n+2) { white-space: nowrap; } #printed td:nth-child(n+3) { overflow-wrap: anywhere; }
  #printed th:nth-child(n+3) { width: 30%; }
  #printed thead { display: table-header-group; } #printed tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1 id="title"></h1>
<div class="bad" id="message"></div>
<div class="soft" id="origin"></div>
@REASON@
<h2>What happens</h2>
<ol id="story"></ol>
<div id="endings"></div>
<div id="controls">
  <button id="back" title="one step back: left, up or k">&#8592;</button>
  <button id="forth" title="one step on: right, down or j">&#8594;</button>
  <input id="slider" type="range" min="1" aria-label="step">
  <span id="position"></span>
  <label>only <select id="filter"><option value="">all objects</option></select></label>
  <button id="theme">light or dark</button>
</div>
<div id="main">
  <div id="lanes"></div>
  <div id="detail" aria-live="polite"></div>
</div>
<table id="printed"><thead><tr><th>step</th><th>thread</th><th>does</th><th>where</th><th>changes</th></tr></thead>
<tbody></tbody></table>
<p class="soft">A bar is a lock that is held. An arrow is <span style="color:var(--arrow)">a lock that the
next thread takes</span>, or <span style="color:var(--wake)">a wake-up</span>. Keys: arrows, j and k,
Home and End.</p>
<script type="application/json" id="witness">@WITNESS@</script>
<script type="application/json" id="statements">@STATEMENTS@</script>
<script>
"use strict";
const witness = JSON.parse(document.getElementById("witness").textContent);
const byId = name => document.getElementById(name);
const statements = JSON.parse(byId("statements").textContent); // of C, by label; none: no tree
const inTree = Object.keys(statements).length > 0;
const steps = witness.steps, threads = witness.threads;
const roles = new Map(witness.variables.map(variable => [variable.name, variable.role]));
const row = 18, top0 = 30, left = 70, lane = 250;
const xOf = thread => left + threads.indexOf(thread) * lane;
const yOf = step => top0 + (step - 1) * row + row / 2; // step: 1 and up
const failing = witness.violation.kind === "check" ? steps.length : 0;

function make(name, attributes, ...children) {
  const svg = ["svg", "g", "line", "rect", "circle", "path", "text", "title", "a", "defs", "marker"];
  const element = svg.includes(name) && attributes && attributes.html !== true
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {}))
    if (key !== "html") element.setAttribute(key, value);
  for (const child of children) element.append(child);
  return element;
}

// "proc0.p_lock.owner" is of the object proc0; locks count as objects too.
const lockNames = new Set(witness.locks.map(lock => lock.name));
function objectOf(variable) {
  const end = variable.lastIndexOf(".");
  return end < 0 ? variable : variable.slice(0, end);
}
function isShown(change) { return roles.get(change.variable) !== "counter"; }
function objectsOf(step) {
  const objects = new Set(step.changes.filter(change => isShown(change) &&
    !["ghost", "local"].includes(roles.get(change.variable))).map(change => objectOf(change.variable)));
  for (const name of locksOf(step).taken.concat(locksOf(step).given)) objects.add(name);
  return objects;
}
function locksOf(step) {
  const before = step.held_before.map(held => held.lock), after = step.held_after.map(held => held.lock);
  return { taken: after.filter(lock => !before.includes(lock)),
           given: before.filter(lock => !after.includes(lock)) };
}
function labelOf(step) {
  const { taken, given } = locksOf(step);
  const marks = taken.map(lock => "+" + lock).concat(given.map(lock => "-" + lock)).join(" ");
  return marks || step.label;
}
function shortened(label) { return label.length > 28 ? label.slice(0, 27) + "\u2026" : label; }
// Beside a tree the recorded lines would mislead.
function placeOf(step) {
  const source = step.source, statement = statements[step.label];
  if (statement) return statement.file + ":" + statement.line + " " + source.function + "()";
  if (!source.file && !source.function) return "";
  return (source.file || "") + (source.line && !inTree ? ":" + source.line : "") +
    (source.revision ? " " + source.revision : "") + (source.function ? " " + source.function + "()" : "");
}
function textOf(step) { return statements[step.label] ? statements[step.label].text : ""; }
function changesOf(step) {
  return step.changes.filter(isShown).map(change =>
    change.variable + ": " + change.from + " \u2192 " + change.to);
}

// --- the story: who runs, and what others will see of it ---
function segments() {
  const list = [];
  steps.forEach((step, i) => {
    const last = list[list.length - 1];
    if (last && last.thread === step.thread) last.to = i + 1;
    else list.push({ thread: step.thread, from: i + 1, to: i + 1 });
  });
  return list;
}
function tell(segment) {
  const inside = steps.slice(segment.from - 1, segment.to);
  const calls = [...new Set(inside.map(step => step.chain.split(" > ")[0]).filter(call => call))];
  const changes = inside.flatMap(step => step.changes)
    .filter(change => roles.get(change.variable) === "value");
  const last = new Map(changes.map(change => [change.variable, change]));
  const few = [...last.values()].slice(-3).map(change => change.variable + " = " + change.to);
  return segment.thread + " runs" + (calls.length ? " " + calls.join(", then ") : "") +
    (few.length ? "; at the end " + few.join(", ") : "");
}
byId("title").textContent = witness.config.name + " violates " + witness.violation.property;
document.title = byId("title").textContent;
byId("message").textContent = witness.violation.message;
byId("origin").textContent = witness.config.system + " " + witness.config.revision + ", " + steps.length +
  " steps, " + witness.context_switches + " context switches";
for (const segment of segments()) {
  const link = make("a", { html: true, href: "#step-" + segment.from },
    segment.from === segment.to ? "step " + segment.from : "steps " + segment.from + " to " + segment.to);
  byId("story").append(make("li", null, link, ": " + tell(segment)));
}
for (const ending of witness.endings)
  if (ending.waits_for)
    byId("endings").append(make("div", { class: "bad" }, ending.thread + " waits for " + ending.waits_for +
      (ending.holders.length ? ", held by " + ending.holders.join(", ") : "") + " at " + ending.label));

// --- the lanes ---
const height = top0 + steps.length * row + 20, width = left + threads.length * lane + 20;
const drawing = make("svg", { width, height, viewBox: "0 0 " + width + " " + height, role: "img" });
drawing.append(make("defs", {}, ...["arrow", "wake"].map(name => make("marker",
  { id: "head-" + name, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7,
    orient: "auto" }, make("path", { d: "M0 0 L8 4 L0 8 z", fill: "var(--" + name + ")" })))));
const background = make("rect", { class: "chosen", x: 0, width, height: row });
drawing.append(background);
for (const thread of threads) {
  drawing.append(make("line", { class: "lane", x1: xOf(thread), x2: xOf(thread), y1: top0, y2: height - 10 }));
  drawing.append(make("text", { x: xOf(thread) - 4, y: 16, "font-weight": 600 }, thread));
}
function colourOf(lock) {
  const kind = (witness.locks.find(known => known.name === lock) || { class: lock }).class;
  const classes = [...new Set(witness.locks.map(known => known.class))];
  return "hsl(" + (classes.indexOf(kind) * 137.5) % 360 + " 60% 50%)";
}
// A bar for each time that a thread holds a lock, in a column of its own beside the lane.
const bars = [];
for (const thread of threads) {
  const columns = [], open = new Map();
  const close = (lock, to) => {
    const bar = open.get(lock);
    open.delete(lock);
    columns[bar.column] = undefined;
    bars.push({ ...bar, thread, lock, to });
  };
  steps.forEach((step, i) => {
    if (step.thread !== thread || i + 1 === failing) return;
    const { taken, given } = locksOf(step);
    for (const lock of given) if (open.has(lock)) close(lock, i + 1);
    for (const lock of taken) {
      let column = columns.findIndex(used => used === undefined);
      if (column < 0) column = columns.length;
      columns[column] = lock;
      open.set(lock, { from: i + 1, column });
    }
  });
  for (const lock of [...open.keys()]) close(lock, steps.length);
}
const barElements = bars.map(bar => {
  const element = make("rect", { class: "bar", x: xOf(bar.thread) - 8 - 5 * bar.column, width: 4, rx: 2,
    y: yOf(bar.from) - 4, height: Math.max(8, yOf(bar.to) - yOf(bar.from) + 8), fill: colourOf(bar.lock) },
    make("title", {}, bar.thread + " holds " + bar.lock));
  drawing.append(element);
  return { element, objects: new Set([bar.lock]) };
});
// Arrows: from who gives a lock back to who takes it next, and from who wakes to who slept.
const arrows = [];
function arrow(kind, lock, from, to) {
  const x1 = xOf(steps[from - 1].thread), x2 = xOf(to.thread), y1 = yOf(from), y2 = yOf(to.step);
  const bend = x2 > x1 ? 40 : -40;
  const element = make("path", { class: kind === "hand" ? "hand" : "wake",
    d: "M" + x1 + " " + y1 + " C" + (x1 + bend) + " " + y1 + " " + (x2 - bend) + " " + y2 + " " + x2 + " " + y2,
    "marker-end": "url(#head-" + (kind === "hand" ? "arrow" : "wake") + ")" },
    make("title", {}, kind === "hand" ? lock + " goes to " + to.thread : to.thread + " is woken at " + lock));
  arrows.push({ element, objects: new Set([lock]) });
  drawing.append(element);
}
const givenBack = new Map(); // lock: the step that gave it back last
steps.forEach((step, i) => {
  const number = i + 1;
  if (number === failing) return;
  for (const lock of locksOf(step).taken) {
    const from = givenBack.get(lock);
    if (from && steps[from - 1].thread !== step.thread) arrow("hand", lock, from, { thread: step.thread, step: number });
  }
  for (const lock of locksOf(step).given) givenBack.set(lock, number);
  for (const change of step.changes) {
    if (!change.variable.endsWith(".waiters")) continue;
    const left = change.to.split("|");
    for (const thread of change.from.split("|"))
      if (threads.includes(thread) && thread !== step.thread && !left.includes(thread)) {
        const next = steps.findIndex((later, k) => k > i && later.thread === thread);
        arrow("wake", objectOf(change.variable), number, { thread, step: next < 0 ? number + 1 : next + 1 });
      }
  }
});
const rows = steps.map((step, i) => {
  const number = i + 1, x = xOf(step.thread), y = yOf(number);
  const element = make("g", { class: number === failing ? "step fails" : "step" },
    make("circle", { cx: x, cy: y, r: 3, fill: "currentColor" }),
    make("text", { x: x + 10, y: y + 4 }, shortened(labelOf(step)) + (step.reports.length ? " *" : "")),
    make("title", {}, [labelOf(step), placeOf(step), textOf(step)].filter(line => line).join("\n")));
  drawing.append(make("a", { href: "#step-" + number },
    make("text", { class: "number", x: 4, y: y + 4 }, String(number)), element));
  return { element, objects: objectsOf(step) };
});
byId("lanes").append(drawing);

// --- what is printed beside the lanes, whose labels are short ---
byId("printed").tBodies[0].append(...steps.map((step, i) => make("tr", null,
  ...[[String(i + 1)], [step.thread], [labelOf(step)].concat(i + 1 === failing ? ["fails"] : []),
    [placeOf(step).replace(/^\S*\//, ""), textOf(step)], changesOf(step).filter(change => !change.includes(".owner:"))].map(lines =>
    make("td", null, ...lines.filter(line => line).map(line => make("div", null, line)))))));

// --- the filter ---
for (const object of [...new Set(rows.flatMap(line => [...line.objects]))].sort())
  byId("filter").append(make("option", { html: true, value: object }, object));
byId("filter").addEventListener("change", () => {
  const object = byId("filter").value;
  const touches = part => [...part.objects].some(name => name === object || name.startsWith(object + "."));
  for (const part of rows.concat(barElements, arrows))
    part.element.classList.toggle("faint", object !== "" && !touches(part));
});

// --- the step that is chosen ---
let chosen = 0;
function choose(number, scroll) {
  chosen = Math.min(Math.max(number, 1), steps.length);
  const step = steps[chosen - 1];
  byId("slider").value = chosen;
  byId("position").textContent = "step " + chosen + " of " + steps.length;
  background.setAttribute("y", yOf(chosen) - row / 2);
  const detail = byId("detail");
  detail.replaceChildren(make("h2", null, "Step " + chosen + ": " + step.thread));
  const table = make("table", null);
  const line = (name, ...values) => {
    const cell = make("td", null);
    values.forEach(value => cell.append(make("div", null, make("code", null, value))));
    if (values.length) table.append(make("tr", null, make("td", { class: "soft" }, name), cell));
  };
  line("label", step.label);
  line("calls", ...(step.chain ? [step.chain] : []));
  line("source", ...[placeOf(step), textOf(step)].filter(text => text));
  line("changes", ...changesOf(step));
  line("reports", ...step.reports.map(report => report.name + ": " + report.value));
  line("holds", ...step.held_after.map(held => held.lock + (held.mode === "shared" ? " (shared)" : "")));
  detail.append(table);
  if (chosen === failing)
    detail.append(make("p", { class: "bad" }, "fails: " + witness.violation.message));
  if (scroll) rows[chosen - 1].element.scrollIntoView({ block: "center" });
}
function go(number) {
  choose(number, true);
  history.replaceState(null, "", "#step-" + chosen);
}
function fromLink() {
  const match = /^#step-(\d+)$/.exec(location.hash);
  choose(match ? Number(match[1]) : steps.length, match !== null);
}
byId("slider").max = steps.length;
byId("slider").addEventListener("input", () => go(Number(byId("slider").value)));
byId("back").addEventListener("click", () => go(chosen - 1));
byId("forth").addEventListener("click", () => go(chosen + 1));
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
window.addEventListener("hashchange", fromLink);
document.addEventListener("keydown", event => {
  const field = event.target instanceof Element && event.target.matches("select, input");
  if (field || event.ctrlKey || event.altKey || event.metaKey) return;
  const moves = { ArrowRight: 1, ArrowDown: 1, j: 1, ArrowLeft: -1, ArrowUp: -1, k: -1 };
  if (event.key in moves) go(chosen + moves[event.key]);
  else if (event.key === "Home") go(1);
  else if (event.key === "End") go(steps.length);
  else return;
  event.preventDefault();
});
fromLink();
</script>
</body>
</html>
)page";

} // namespace interlock::witnesses
