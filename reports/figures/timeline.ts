import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { contextStrength } from './contexts.js'
import { title } from './guides.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'
import type { TimelineData, TimelinePanel } from './timeline-data.js'

/** A lane a process: what it works on, and when it waits; models one below the other on the same clock. */
export function timeline(data: TimelineData, theme: Theme): Spec {
  const labelPt = Math.max(...data.panels.flatMap((panel) => panel.processes.map((name) => textWidth(name, theme.fontSizePt)))) + 8
  const width = Math.floor(theme.widthPt - labelPt - 6)
  const end = Math.max(...data.panels.map((panel) => panel.endUs))
  const note = 'line: waits for the core; nothing: asleep; dashed: reply begins'
  return asSpec({
    title: title(theme, data.title, note),
    padding: 1,
    spacing: 5,
    config: themeConfig(theme),
    vconcat: data.panels.map((panel, i) => lanes(panel, data, theme, { width, end, isLast: i === data.panels.length - 1 })),
    resolve: { scale: { y: 'independent', opacity: 'shared' } },
  })
}

function lanes(
  panel: TimelinePanel,
  data: TimelineData,
  theme: Theme,
  { width, end, isLast }: { readonly width: number; readonly end: number; readonly isLast: boolean },
): SpecPart {
  const colour = modelColour(theme, data.palette, panel.model)
  const y = {
    field: 'process',
    type: 'nominal',
    sort: panel.processes,
    scale: { domain: panel.processes },
    axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: 0 },
  }
  const x = {
    type: 'quantitative',
    scale: { domain: [0, end * 1.005], nice: false },
    axis: isLast
      ? { title: "time since the client's send call (µs)", tickCount: 7, grid: true }
      : { title: null, labels: false, ticks: false, domain: false, tickCount: 7, grid: true },
  }
  return {
    title: { text: panel.model, anchor: 'start', frame: 'group', fontSize: theme.fontSizePt, offset: 2 },
    width,
    height: panel.processes.length * theme.fontSizePt * 1.75,
    layer: [
      {
        data: { values: panel.waits.filter((wait) => wait.state === 'ready') },
        mark: { type: 'rule', strokeWidth: 0.8, color: theme.muted },
        encoding: { y, x: { ...x, field: 'from' }, x2: { field: 'to' }, description: { field: 'description' } },
      },
      {
        data: { values: panel.bars.map((bar) => ({ ...bar, colour })) },
        mark: { type: 'bar', strokeWidth: 0, height: { band: 0.78 } },
        encoding: {
          y,
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          fill: { field: 'colour', type: 'nominal', scale: null },
          opacity: contextStrength(theme, data.contexts, width),
          description: { field: 'description' },
        },
      },
      {
        data: { values: runsOf(panel) },
        mark: { type: 'bar', fill: 'transparent', stroke: colour, strokeWidth: 0.5, height: { band: 0.78 }, aria: false },
        encoding: { y, x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      ...(panel.turnUs === null
        ? []
        : [
            {
              data: { values: [{ at: panel.turnUs }] },
              mark: { type: 'rule', strokeWidth: 0.8, strokeDash: [2, 2], color: theme.ink, aria: false },
              encoding: { x: { ...x, field: 'at' } },
            },
          ]),
    ],
  }
}

/** Stretches in which a process works without a break: their outline keeps pale contexts visible. */
function runsOf({ bars }: TimelinePanel): { readonly process: string; readonly from: number; readonly to: number }[] {
  const runs: { process: string; from: number; to: number }[] = []
  for (const { process, from, to } of bars) {
    const last = runs.findLast((run) => run.process === process)
    if (last && from - last.to < 1e-3) last.to = to
    else runs.push({ process, from, to })
  }
  return runs
}
