import { type Theme, themeConfig } from '../theme.js'
import { dashScale, modelScale } from './estimate-mark.js'
import { modelLegend, title } from './guides.js'
import { namedPlacesAxis } from './named-places.js'
import type { RanksData } from './ranks-data.js'
import { asSpec, type Spec } from './spec.js'

/** Ranks along the sweep, the fastest on top: a bar over the ranks that the uncertainty leaves open. */
export function ranks(data: RanksData, theme: Theme): Spec {
  const most = Math.max(...data.marks.map((mark) => mark.worst))
  const step = (theme.widthPt - theme.fontSizePt * 4) / data.places.length
  const x = {
    field: 'at',
    type: 'nominal',
    sort: data.places,
    axis: namedPlacesAxis(theme, data.places, step, data.axisTitle === '' ? null : data.axisTitle),
  }
  const y = {
    type: 'quantitative',
    scale: { domain: [most + 0.5, 0.5], nice: false },
    axis: { title: `rank by ${data.statistic}`, values: Array.from({ length: most }, (_, i) => i + 1), format: 'd' },
  }
  const legend = modelLegend(theme, data.models, 'stroke')
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend }
  const values = data.marks.map((mark) => ({
    ...mark,
    from: mark.best - 0.18,
    to: mark.worst + 0.18,
  }))
  return asSpec({
    title: title(theme, data.title),
    data: { values },
    width: theme.widthPt,
    height: Math.round(most * theme.fontSizePt * 3.2),
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [
      {
        mark: { type: 'rule', strokeWidth: theme.fontSizePt * 0.9, opacity: 0.35, strokeCap: 'round', aria: false },
        encoding: { x, y: { ...y, field: 'from' }, y2: { field: 'to' }, color },
      },
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
  })
}
