/** The page's looks: one style sheet, two colour schemes, and print. Figures take their colours from it (`onPage` of theme.ts). */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f6f4; --ink: #1a1a1a; --muted: #5c5c5c; --grid: #dddddd; --band: #c9c9c9; --fitted: #8f8f8f; --rule: #d4d4d0; --accent: #004488;
  --model-1: #004488; --model-2: #bb5566; --model-3: #44aa99; --model-4: #ddaa33; --model-5: #882255; --model-6: #88ccee; --model-7: #999933; --model-8: #222222;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --raised: #1e2125; --ink: #e8e6e1; --muted: #a9a7a1; --grid: #33373c; --band: #4a4f56; --fitted: #8a8a88; --rule: #3a3e44; --accent: #8ab8f0;
    --model-1: #6ea8e6; --model-2: #e58a96; --model-3: #5fc9b7; --model-4: #e8c15a; --model-5: #d07aa8; --model-6: #a9dcf5; --model-7: #c4c46a; --model-8: #d0d0d0;
  }
}
* { box-sizing: border-box; }
html { font: 14px/1.4 system-ui, 'DejaVu Sans', Verdana, sans-serif; background: var(--paper); color: var(--ink); }
body { margin: 0 auto; max-width: 1280px; padding: 10px 20px 40px; }
h1 { font-size: 19px; line-height: 1.25; margin: 0 0 2px; }
h2 { font-size: 17px; margin: 32px 0 8px; }
h3 { font-size: 13px; margin: 0 0 3px; }
p { margin: 0 0 6px; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 4px 8px; z-index: 1; }
.scope, .note, figcaption { color: var(--muted); font-size: 12px; }
.answer { font-size: 15px; margin: 6px 0 10px; max-width: 118ch; }
.first { display: grid; grid-template-columns: minmax(0, 1.12fr) minmax(0, 1fr); gap: 10px 22px; align-items: start; }
.side { display: grid; gap: 10px; }
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
.first .main svg { max-height: 470px; }
.box { background: var(--raised); border: 1px solid var(--rule); border-radius: 4px; padding: 7px 10px; font-size: 12.5px; }
.box ul { margin: 0; padding-left: 16px; }
.box dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 10px; }
.box dt { color: var(--muted); } .box dd { margin: 0; }
.boxes { display: grid; gap: 8px; }
.warnings.some { border-color: #b26a00; border-left-width: 4px; }
code, pre { font-family: 'DejaVu Sans Mono', ui-monospace, monospace; font-size: 11.5px; }
code { overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: 4px 0 0; }
.foot { margin-top: 8px; display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 8px 22px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 28px; align-items: start; }
.scroll { overflow-x: auto; margin: 0 0 4px; }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 14px 0 4px; }
th, td { padding: 2px 10px 2px 0; text-align: left; white-space: nowrap; }
th { border-bottom: 1px solid var(--muted); font-weight: 600; vertical-align: bottom; }
td { border-bottom: 1px solid var(--rule); }
.right { text-align: right; }
@media (max-width: 900px) {
  .first { grid-template-columns: minmax(0, 1fr); }
  body { padding: 10px 12px 32px; }
}
@media print {
  :root {
    --paper: #ffffff; --raised: #ffffff; --ink: #000000; --muted: #444444; --grid: #dddddd; --band: #c9c9c9; --fitted: #8f8f8f; --rule: #bbbbbb; --accent: #000000;
    --model-1: #004488; --model-2: #bb5566; --model-3: #44aa99; --model-4: #ddaa33; --model-5: #882255; --model-6: #88ccee; --model-7: #999933; --model-8: #222222;
  }
  body { max-width: none; padding: 0; }
  figure, tr, .box { break-inside: avoid; }
  .scroll { overflow: visible; }
  th, td { white-space: normal; }
}
`
