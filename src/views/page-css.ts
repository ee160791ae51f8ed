/** The style sheet of a page: light and dark as the reader has it, light on paper. It loads nothing. */
export const PAGE_CSS = `
:root { color-scheme: light dark; --bg: #ffffff; --fg: #1b1f24; --quiet: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0a58b5; --good: #116329; --bad: #b3151f; --warn: #7a4d00;
  --reads: #5f6d7c; --acts: #1f5fbf; --asks: #7a4d00; --on-bar: #ffffff; --outage: #d1242f; --up: #2f8f4e; --unknown: #a06a00; }
@media screen and (prefers-color-scheme: dark) { :root { --bg: #0f1318; --fg: #e6e8eb; --quiet: #9aa5b1; --line: #343c46; --panel: #171d24; --link: #79b4ff; --good: #6bd38a; --bad: #ff8f8f; --warn: #f0b54a;
  --reads: #8b9aab; --acts: #6fa8ff; --asks: #f0b54a; --on-bar: #0f1318; --outage: #ff6b6b; --up: #3fa862; --unknown: #d99a2b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; background: var(--bg); color: var(--fg); font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 70ch; }
a { color: var(--link); }
nav { margin-bottom: 1.25rem; }
nav ul { list-style: none; margin: 1rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
figure { margin: 0 0 1.25rem; }
.scroll + .scroll, p + .scroll, .scroll + p { margin-top: 1.1rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 4.5rem; }
th { font-weight: 600; }
thead th { color: var(--quiet); font-size: .8rem; white-space: nowrap; }
.facts th { width: 11rem; font-weight: 400; color: var(--quiet); }
td > div + div { margin-top: .15rem; }
code, pre { font: .85em/1.45 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
code { overflow-wrap: anywhere; }
.time { white-space: nowrap; }
pre { margin: .25rem 0 .75rem; padding: .6rem .75rem; background: var(--panel); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; font-size: .9rem; padding: .2rem 0; }
.strong { font-weight: 700; } .quiet { color: var(--quiet); } .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); font-weight: 600; } .name { color: var(--link); }
.timeline { display: block; font: 11px system-ui, "Segoe UI", "Liberation Sans", sans-serif; fill: var(--fg); max-width: none; }
.timeline .hour { fill: var(--quiet); font-size: 10px; } .timeline .tick, .timeline .base { stroke: var(--line); }
.timeline .bar text { fill: var(--on-bar); font-size: 10px; }
.reads rect { fill: var(--reads); } .acts rect { fill: var(--acts); } .bad rect { fill: var(--bad); } .asks rect { fill: var(--asks); } .up rect { fill: var(--up); } .down rect { fill: var(--outage); } .unknown rect { fill: var(--unknown); }
.timeline .outage { fill: var(--outage); fill-opacity: .16; stroke: var(--outage); stroke-dasharray: 3 2; } .timeline .break { fill: var(--bg); stroke: var(--quiet); stroke-dasharray: 1 3; }
.key { list-style: none; padding: 0; margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .85rem; }
.key svg { width: .9em; height: .9em; vertical-align: -.1em; margin-right: .35em; }
@media print { body { max-width: none; padding: 0; font-size: 9.5pt; } nav { display: none; } details::details-content { content-visibility: visible; } .scroll { overflow: visible; } .timeline { width: 100%; height: auto; } tr, pre { break-inside: avoid; } h2, h3, caption { break-after: avoid; } thead { display: table-header-group; } * { print-color-adjust: exact; } }
`;
