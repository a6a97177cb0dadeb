# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the page of a plan looks, and its only script, a filter. Neither may hold ``<`` or ``&``: the page is XML too."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --paper: #fff; --ink: #1b2330; --soft: #566072; --line: #dce1e8; --code: #eef1f5; --link: #1456b8;
  --create: #12703a; --create-bg: #e2f5e8; --update: #8a5200; --update-bg: #fdf0d5;
  --replace: #b3261e; --replace-bg: #fde7e5; --delete: #b3261e; --delete-bg: #fde7e5;
  --restore: #1456b8; --restore-bg: #e3eefd; --none: #566072; --none-bg: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --paper: #1a2029; --ink: #e6eaf0; --soft: #a3aec0; --line: #323c4a; --code: #242c37;
    --link: #8fbcff;
    --create: #74d99a; --create-bg: #163524; --update: #f2be62; --update-bg: #3a2c10;
    --replace: #ff9d94; --replace-bg: #461d1b; --delete: #ff9d94; --delete-bg: #461d1b;
    --restore: #8fbcff; --restore-bg: #182f4f; --none: #a3aec0; --none-bg: #29313d;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; padding: 0 1.5rem 5rem; background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
.top, main { max-width: 80rem; margin: 0 auto; }
.top { padding: 3rem 0 1rem; }
.eyebrow { margin: 0; color: var(--soft); font-size: .9rem; letter-spacing: .03em; }
h1 { margin: .1rem 0 1.2rem; font-size: 2.1rem; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h3 { margin: 2.5rem 0 1rem; font-size: 1.15rem; }
h4 {
  margin: 0; display: flex; flex-wrap: wrap; gap: .35rem .7rem; align-items: baseline;
  font-size: 1rem; font-weight: 400;
}
a { color: var(--link); text-underline-offset: .15em; }
ul { padding-left: 1.2rem; }
code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
pre {
  margin: .5rem 0 0; padding: .8rem 1rem; max-height: 24rem; overflow: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; background: var(--code); border-radius: .5rem;
}
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.4rem; margin: 0 0 1.2rem; }
.facts dt { color: var(--soft); font-size: .82rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.contents { list-style: none; margin: 1.5rem 0 0; padding: 0; }
.contents li {
  display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; padding: .55rem 0; border-top: 1px solid var(--line);
}
.contents a { min-width: 14rem; }
.stack {
  margin: 1.5rem 0 3rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 1rem;
}
.totals { display: inline-flex; flex-wrap: wrap; gap: .45rem; }
.badge {
  display: inline-block; padding: .05rem .65rem; border-radius: 1rem; font-size: .875rem; white-space: nowrap;
  color: var(--none); background: var(--none-bg);
}
.badge.create { color: var(--create); background: var(--create-bg); }
.badge.update { color: var(--update); background: var(--update-bg); }
.badge.replace { color: var(--replace); background: var(--replace-bg); font-weight: 600; }
.badge.delete { color: var(--delete); background: var(--delete-bg); font-weight: 600; }
.badge.restore { color: var(--restore); background: var(--restore-bg); }
.callout {
  margin: 1.5rem 0; padding: 1rem 1.4rem; border-radius: .7rem; background: var(--update-bg);
  border-left: .3rem solid var(--update);
}
.callout h3 { margin: 0 0 .3rem; font-size: 1rem; }
.callout ul { margin: 0; }
.callout.stop { background: var(--replace-bg); border-color: var(--replace); }
.calm { margin: 2rem 0; color: var(--soft); font-size: 1.1rem; }
figure { margin: 2rem 0; }
.scroll { overflow-x: auto; padding: .25rem; }
.legend {
  list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: .9rem 0 0; padding: 0;
  font-size: .875rem;
}
.legend .badge { min-width: 2.2rem; text-align: center; }
.filter { display: block; margin: 0 0 1rem; color: var(--soft); }
.filter[hidden] { display: none; }
.filter input {
  font: inherit; margin-left: .5rem; padding: .35rem .8rem; width: min(22rem, 100%); color: var(--ink);
  background: var(--page); border: 1px solid var(--soft); border-radius: .5rem;
}
.resource {
  padding: 1.1rem 0 1.1rem 1.1rem; border-top: 1px solid var(--line); border-left: .25rem solid var(--none-bg);
}
.resource:target, li:target { background: var(--restore-bg); }
.resource.create { border-left-color: var(--create); }
.resource.update { border-left-color: var(--update); }
.resource.replace { border-left-color: var(--replace); }
.resource.delete { border-left-color: var(--delete); }
.resource.restore { border-left-color: var(--restore); }
.resource[hidden] { display: none; }
.kind, .role { color: var(--soft); }
.called { font-weight: 600; overflow-wrap: anywhere; }
.role { margin-left: auto; font-size: .875rem; }
.gate { margin: .7rem 0 0; padding: .6rem 1rem; background: var(--replace-bg); border-radius: .5rem; }
.how { display: block; color: var(--soft); }
.notes, .kept { margin: .7rem 0 0; }
.fields { width: 100%; margin: .8rem 0 0; border-collapse: collapse; font-size: .94rem; }
.fields th, .fields td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; }
.fields thead { color: var(--soft); font-size: .82rem; }
.fields thead th { font-weight: 400; }
.fields tbody tr { border-top: 1px solid var(--line); }
.fields tbody th { width: 26%; font-weight: 400; overflow-wrap: anywhere; }
.fields td { width: 35%; overflow-wrap: anywhere; }
.fields td.arrow, .fields thead td { width: 2rem; color: var(--soft); }
.absent { color: var(--soft); }
em { color: var(--restore); font-style: normal; }
summary { cursor: pointer; }
.folded > summary { width: fit-content; max-width: 100%; color: var(--soft); }
.resource > .folded { margin-top: .5rem; }
.unchanged { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.unchanged ul { columns: 22rem; gap: 2rem; padding-left: 0; list-style: none; }
.unchanged li { break-inside: avoid; overflow-wrap: anywhere; padding: .1rem 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .3rem; }
.picture { display: block; width: 100%; min-width: 52rem; height: auto; font: 13px system-ui, sans-serif; }
.picture text { fill: var(--ink); }
.picture .part { fill: var(--soft); font-size: 13px; font-weight: 600; }
.picture .frame { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 6 5; }
.picture .route { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.picture .head { fill: var(--soft); }
.picture .body { fill: var(--none-bg); stroke: var(--line); stroke-width: 1.5; }
.picture .label, .picture .detail { fill: var(--soft); font-size: 11px; }
.picture .name { font-size: 13px; font-weight: 600; }
.picture .mark { fill: var(--none); }
.picture .sign { fill: var(--paper); font-size: 16px; font-weight: 700; text-anchor: middle; }
.picture a { text-decoration: none; }
.picture a:hover .body, .picture a:focus .body { stroke-width: 3; }
.picture .create .body { fill: var(--create-bg); stroke: var(--create); }
.picture .create .mark { fill: var(--create); }
.picture .update .body { fill: var(--update-bg); stroke: var(--update); }
.picture .update .mark { fill: var(--update); }
.picture .replace .body { fill: var(--replace-bg); stroke: var(--replace); }
.picture .replace .mark { fill: var(--replace); }
.picture .delete .body { fill: var(--delete-bg); stroke: var(--delete); stroke-dasharray: 5 3; }
.picture .delete .mark { fill: var(--delete); }
.picture .restore .body { fill: var(--restore-bg); stroke: var(--restore); }
.picture .restore .mark { fill: var(--restore); }
@media (max-width: 44rem) {
  body { padding: 0 .8rem 3rem; }
  .stack { padding: 1.2rem; }
  .role { margin-left: 0; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --paper: #fff; --ink: #000; --soft: #444; --line: #ccc; --code: #f4f4f4; --link: #000;
    --create: #12703a; --create-bg: #e2f5e8; --update: #8a5200; --update-bg: #fdf0d5;
    --replace: #b3261e; --replace-bg: #fde7e5; --delete: #b3261e; --delete-bg: #fde7e5;
    --restore: #1456b8; --restore-bg: #e3eefd; --none: #444; --none-bg: #eee;
  }
  body { padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .stack { border: 0; padding: 0; }
  .stack + .stack { break-before: page; }
  .filter { display: none; }
  .picture { min-width: 0; }
  .scroll { overflow: visible; }
  h3, h4 { break-after: avoid; }
  figure, .callout, tr { break-inside: avoid; }
  .folded::details-content { content-visibility: visible; block-size: auto; }
  pre { max-height: none; }
}
"""

SCRIPT = """
document.querySelectorAll(".filter").forEach(function (label) {
  label.hidden = false;
  label.querySelector("input").addEventListener("input", function (event) {
    var wanted = event.target.value.toLowerCase();
    label.parentNode.querySelectorAll(".resource").forEach(function (resource) {
      resource.hidden = !resource.textContent.toLowerCase().includes(wanted);
    });
  });
});
"""
