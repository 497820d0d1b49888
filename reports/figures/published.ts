import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { sourceShape, sourceSize } from './estimate-mark.js'
import { title } from './guides.js'
import type { PublishedData } from './published-data.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/** A panel a ratio: ours, and below it what others published, each with its own set-up. */
export function published(data: PublishedData, theme: Theme): Spec {
  const labels = data.marks.map((mark) => mark.who)
  const labelPt = Math.min(theme.widthPt * 0.55, Math.max(...labels.map((label) => textWidth(label, theme.fontSizePt)))) + 8
  const width = Math.floor(theme.widthPt - labelPt - 8)
  const most = Math.max(...data.marks.map((mark) => mark.high))
  const least = Math.min(1, ...data.marks.map((mark) => mark.low))
  const present = (['simulated', 'measured', 'published'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  return asSpec({
    title: title(theme, data.title, 'times the path without it; set-ups differ, see the caption'),
    padding: 1,
    spacing: 5,
    config: themeConfig(theme),
    vconcat: data.ratios.map((ratio, i): SpecPart => {
      const marks = data.marks.filter((mark) => mark.ratio === ratio)
      const rows = [...new Set(marks.map((mark) => mark.who))]
      const isLast = i === data.ratios.length - 1
      const x = {
        type: 'quantitative',
        scale: { domain: [least - (most - least) * 0.03, most + (most - least) * 0.03], zero: false, nice: false },
        axis: isLast
          ? { title: 'ratio', tickCount: 5, grid: true }
          : { title: null, labels: false, ticks: false, domain: false, tickCount: 5, grid: true },
      }
      const y = {
        field: 'who',
        type: 'nominal',
        sort: rows,
        axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: labelPt },
      }
      const colour = modelColour(theme, data.palette, marks[0]!.model)
      return {
        title: { text: ratio, anchor: 'start', frame: 'group', fontSize: theme.fontSizePt, offset: 2 },
        width,
        height: rows.length * theme.fontSizePt * 1.55,
        data: { values: marks },
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 0.9, color: colour, aria: false },
            encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0, color: colour },
            encoding: {
              y,
              x: { ...x, field: 'value' },
              shape: { ...sourceShape(present), legend: null },
              size: sourceSize(theme.fontSizePt),
              description: { field: 'description' },
            },
          },
        ],
      }
    }),
    resolve: { scale: { x: 'independent', y: 'independent' } },
  })
}
