/** The page's looks: one style sheet, two colour schemes, and print. Figures take their colours from it (`onPage` of theme.ts). */

const light =
  '--paper: #ffffff; --raised: #f6f6f4; --ink: #1a1a1a; --muted: #5c5c5c; --grid: #dddddd; --band: #c9c9c9; --fitted: #8f8f8f; --rule: #d4d4d0; --accent: #004488; --alert: #b26a00; ' +
  '--model-1: #004488; --model-2: #bb5566; --model-3: #44aa99; --model-4: #ddaa33; --model-5: #882255; --model-6: #88ccee; --model-7: #999933; --model-8: #222222;'
const dark =
  '--paper: #15171a; --raised: #1e2125; --ink: #e8e6e1; --muted: #a9a7a1; --grid: #33373c; --band: #4a4f56; --fitted: #8a8a88; --rule: #3a3e44; --accent: #8ab8f0; --alert: #e0a040; ' +
  '--model-1: #6ea8e6; --model-2: #e58a96; --model-3: #5fc9b7; --model-4: #e8c15a; --model-5: #d07aa8; --model-6: #a9dcf5; --model-7: #c4c46a; --model-8: #d0d0d0;'

export const pageStyle = `
:root { color-scheme: light; ${light} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-scheme=light]) { color-scheme: dark; ${dark} } }
@media screen { :root[data-scheme=dark] { color-scheme: dark; ${dark} } }
* { box-sizing: border-box; }
html { font: 14px/1.4 system-ui, 'DejaVu Sans', Verdana, sans-serif; background: var(--paper); color: var(--ink); }
body { margin: 0 auto; max-width: 1280px; padding: 10px 20px 40px; }
h1 { font-size: 19px; line-height: 1.25; margin: 0 0 2px; }
h2 { font-size: 17px; margin: 32px 0 8px; }
h3 { font-size: 13px; margin: 10px 0 3px; }
.box h2 { font-size: 13px; margin: 0 0 3px; }
p { margin: 0 0 6px; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 4px 8px; z-index: 1; }
.scope, .note, figcaption { color: var(--muted); font-size: 12px; }
.answer { font-size: 15px; margin: 6px 0 10px; max-width: 130ch; }
.first { display: grid; grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr); gap: 10px 22px; align-items: start; }
.side { display: grid; gap: 10px; }
.parts { float: right; position: sticky; top: 0; z-index: 2; display: flex; gap: 14px; align-items: baseline; margin-left: 20px; padding: 0 0 3px 8px; font-size: 13px; background: var(--paper); }
.contents ul { margin: 0 0 14px; padding-left: 16px; columns: 340px; column-gap: 28px; font-size: 13px; }
.contents li { break-inside: avoid; }
[id^=figure-], [id^=table-], main h2[id], #what-if { scroll-margin-top: 30px; }
figure { margin: 0; position: relative; }
.chart { border-radius: 3px; }
figure svg { display: block; width: 100%; height: auto; }
.first .main svg { max-height: 470px; }
.first .side svg { max-height: 235px; }
.box { background: var(--raised); border: 1px solid var(--rule); border-radius: 4px; padding: 7px 10px; font-size: 12.5px; }
.box ul { margin: 0; padding-left: 16px; }
.box dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 10px; }
.box dt { color: var(--muted); } .box dd { margin: 0; }
.boxes { display: grid; gap: 8px; }
.warnings.some { border-color: var(--alert); border-left-width: 4px; }
code, pre { font-family: 'DejaVu Sans Mono', ui-monospace, monospace; font-size: 11.5px; }
code { overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: 4px 0 0; }
.foot { margin-top: 8px; display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 8px 22px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 28px; align-items: start; }
.scroll { overflow: auto; max-height: min(620px, 75vh); margin: 0 0 4px; }
thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 14px 0 4px; }
th, td { padding: 2px 10px 2px 0; text-align: left; white-space: nowrap; }
th { border-bottom: 1px solid var(--muted); font-weight: 600; vertical-align: bottom; }
td, tbody th { border-bottom: 1px solid var(--rule); }
.right { text-align: right; }
@media (max-width: 900px) {
  .first { grid-template-columns: minmax(0, 1fr); }
  body { padding: 10px 12px 32px; }
}
[hidden] { display: none !important; }
button, input, select { font: inherit; font-size: 12.5px; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 4px; padding: 2px 8px; }
button { cursor: pointer; background: var(--raised); }
button:hover { border-color: var(--accent); }
button.quiet { border-color: var(--rule); font-size: 11.5px; padding: 1px 7px; }
button:focus-visible, input:focus-visible, select:focus-visible, .chart:focus-visible, .scroll:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input[type=range] { padding: 0; border: 0; background: none; accent-color: var(--accent); min-width: 0; }
input[type=checkbox] { accent-color: var(--accent); justify-self: start; }
.sort { all: unset; cursor: pointer; font-weight: 600; }
.sort:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.sort::after { content: ' \\2195'; color: var(--muted); font-weight: 400; }
th[aria-sort=ascending] .sort::after { content: ' \\2191'; color: var(--accent); }
th[aria-sort=descending] .sort::after { content: ' \\2193'; color: var(--accent); }
td a, tbody th a, .answer a, dd a { color: inherit; text-decoration: underline dotted var(--muted); text-underline-offset: 3px; }
td a:hover, .answer a:hover, dd a:hover { color: var(--accent); }
.filter { display: flex; gap: 10px; align-items: baseline; margin: 14px 0 -8px; }
.tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 6px; }
.first .tools { position: absolute; top: -2px; right: 0; margin: 0; }
.tip { position: fixed; z-index: 3; max-width: 320px; padding: 4px 8px; border-radius: 4px; background: var(--ink); color: var(--paper); font-size: 12px; pointer-events: none; }
.is-on { stroke: var(--ink) !important; stroke-width: 1.2 !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
dialog { color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 6px; }
dialog::backdrop { background: rgb(0 0 0 / 55%); }
.zoom { width: 96vw; height: 94vh; max-width: none; max-height: none; padding: 8px 12px; }
.zoom[open] { display: flex; flex-direction: column; gap: 8px; }
.zoom .chart { flex: 1; min-height: 0; touch-action: none; cursor: grab; }
.zoom .chart svg { height: 100%; }
.card { width: min(680px, 94vw); max-height: 90vh; padding: 12px 18px; }
.card h2 { font-size: 15px; margin: 0 0 6px; }
.card dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin: 4px 0; font-size: 12.5px; }
.card dt { color: var(--muted); } .card dd { margin: 0; overflow-wrap: anywhere; }
.card pre { max-height: 220px; overflow: auto; background: var(--raised); padding: 6px; }
.what-if { display: grid; grid-template-columns: minmax(0, 390px) minmax(0, 1fr); gap: 12px 26px; align-items: start; }
.what-if .answer { min-height: 3em; margin-top: 0; }
.what-if form { padding: 10px 12px; }
.control { display: grid; grid-template-columns: 120px minmax(0, 1fr) auto; gap: 2px 10px; align-items: center; margin-bottom: 5px; }
.control label { overflow-wrap: anywhere; }
.control select { justify-self: start; }
.control .exact { font-variant-numeric: tabular-nums; white-space: nowrap; }
.control input[type=number] { width: 74px; }
.costs { margin: 6px 0; }
.costs summary { cursor: pointer; }
.costs .control { grid-template-columns: 172px minmax(0, 1fr) auto; }
.costs output { min-width: 84px; }
.costs .exact { display: flex; gap: 6px; align-items: center; }
.pinned { border-top: 1px solid var(--rule); padding-top: 6px; margin: 8px 0 0; color: var(--muted); }
#what-if .figures { margin-top: 14px; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 20px; }
#what-if[aria-busy=true] .answers { opacity: 0.75; }
footer { margin-top: 28px; border-top: 1px solid var(--rule); padding-top: 8px; }
@media (max-width: 900px) { .first .tools { position: static; margin-top: 4px; } .what-if { grid-template-columns: minmax(0, 1fr); } .parts { float: none; margin: 0 0 8px; padding: 2px 0; flex-wrap: wrap; } }
@media print {
  html { font-size: 11px; print-color-adjust: exact; }
  body { max-width: none; padding: 0; }
  .first { grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr); }
  figure, tr, .box { break-inside: avoid; }
  .scroll { overflow: visible; max-height: none; }
  thead th { position: static; }
  th, td { white-space: normal; }
  .parts, .contents, .tools, .filter, .skip, .tip, .sort::after, #rows-here, noscript, #what-if:not(.has-run), #what-if form { display: none; }
  .what-if { grid-template-columns: minmax(0, 1fr); }
  a, td a, tbody th a, .answer a, dd a { color: inherit; text-decoration: none; }
}
`
