import { type Theme, themeConfig } from '../theme.js'
import { dashScale, modelScale } from './estimate-mark.js'
import { modelLegend, title } from './guides.js'
import { namedPlacesAxis } from './named-places.js'
import type { RanksData } from './ranks-data.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/**
 * Ranks along the sweep, the fastest on top. Where the uncertainty leaves several ranks open, a pale bar reaches over them; where it leaves none,
 * the point stands alone.
 */
export function ranks(data: RanksData, theme: Theme): Spec {
  const isLast = (panel: string): boolean => panel === data.panels.at(-1)
  const width = Math.floor(theme.widthPt - theme.fontSizePt * 4)
  const panels = data.panels.map((panel) => ranksPanel(data, theme, panel, isLast(panel), width))
  const frame = {
    title: title(theme, data.title, panels.length === 1 ? undefined : `rank by ${data.statistic}`),
    padding: 1,
    config: themeConfig(theme),
  }
  if (panels.length === 1) {
    const autosize = { type: 'fit-x', contains: 'padding' }
    return asSpec({ ...frame, ...panels[0]!, title: frame.title, width: theme.widthPt, autosize })
  }
  return asSpec({ ...frame, spacing: 6, vconcat: panels, resolve: { legend: { color: 'shared', strokeDash: 'shared' } } })
}

function ranksPanel(data: RanksData, theme: Theme, panel: string, isLast: boolean, width: number): SpecPart {
  const marks = data.marks.filter((mark) => mark.panel === panel)
  const most = Math.max(...marks.map((mark) => mark.worst))
  const places = namedPlacesAxis(theme, data.places, width / data.places.length, data.axisTitle === '' ? null : data.axisTitle)
  const x = {
    field: 'at',
    type: 'nominal',
    sort: data.places,
    scale: { domain: data.places },
    axis: isLast ? places : { ...places, labels: false, ticks: false, title: null },
  }
  const y = {
    type: 'quantitative',
    scale: { domain: [most + 0.5, 0.5], nice: false },
    axis: {
      title: data.panels.length > 1 ? null : `rank by ${data.statistic}`,
      values: Array.from({ length: most }, (_, i) => i + 1),
      format: 'd',
    },
  }
  const legend = modelLegend(theme, data.models, 'stroke')
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend }
  const open = marks.filter(({ best, worst }) => best !== worst)
  return {
    ...(panel === '' ? {} : { title: { text: panel, anchor: 'start', frame: 'group', fontSize: theme.fontSizePt, offset: 2 } }),
    width,
    height: Math.round(most * theme.fontSizePt * (data.panels.length > 1 ? 2 : 2.6)),
    data: { values: marks },
    layer: [
      ...(open.length === 0
        ? []
        : [
            {
              data: { values: open },
              mark: { type: 'rule', strokeWidth: theme.fontSizePt * 0.55, opacity: 0.35, aria: false },
              encoding: { x, y: { ...y, field: 'best' }, y2: { field: 'worst' }, color },
            },
          ]),
      ...(data.places.length > 1
        ? [
            {
              mark: { type: 'line', strokeWidth: 1, aria: false },
              encoding: {
                x,
                y: { ...y, field: 'rank' },
                color,
                strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
              },
            },
          ]
        : []),
      {
        mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0, size: theme.fontSizePt * 3 },
        encoding: { x, y: { ...y, field: 'rank' }, color, description: { field: 'description' } },
      },
    ],
  }
}
