import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { title } from './guides.js'
import type { SensitivityData } from './sensitivity-data.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/** A tornado a model: how far the median moves with each coefficient of the profile, the largest on top. */
export function sensitivity(data: SensitivityData, theme: Theme): Spec {
  const labelPt = Math.max(...data.bars.map(({ coefficient }) => textWidth(coefficient, theme.fontSizePt))) + 8
  const width = Math.floor(theme.widthPt - labelPt - 8)
  const most = Math.max(...data.bars.map(({ high }) => Math.abs(high))) * 1.05
  return asSpec({
    title: title(theme, data.title, 'full: one standard deviation more; pale: less'),
    padding: 1,
    spacing: 5,
    config: themeConfig(theme),
    vconcat: data.models.map((model, i): SpecPart => {
      const own = data.bars.filter((bar) => bar.model === model)
      const isLast = i === data.models.length - 1
      const x = {
        field: 'to',
        type: 'quantitative',
        scale: { domain: [-most, most], nice: false },
        axis: {
          tickCount: 5,
          grid: true,
          ...(isLast
            ? { title: 'change of p50 (%)', labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+~r')" }
            : { title: null, labels: false, ticks: false, domain: false }),
        },
      }
      const y = {
        field: 'coefficient',
        type: 'nominal',
        sort: own.map(({ coefficient }) => coefficient),
        axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: 0 },
      }
      const colour = modelColour(theme, data.palette, model)
      return {
        title: { text: model, anchor: 'start', frame: 'group', fontSize: theme.fontSizePt, offset: 2 },
        width,
        height: own.length * theme.fontSizePt * 1.5,
        data: {
          values: own.flatMap(({ coefficient, low, high, description }) => [
            { coefficient, to: low, side: 'less', description },
            { coefficient, to: high, side: 'more', description },
          ]),
        },
        mark: { type: 'bar', strokeWidth: 0.5, stroke: colour, fill: colour, height: { band: 0.74 } },
        encoding: {
          y,
          x,
          fillOpacity: { field: 'side', type: 'ordinal', sort: ['less', 'more'], scale: { domain: ['less', 'more'], range: [0.25, 1] } },
          description: { field: 'description' },
        },
      }
    }),
    resolve: { scale: { y: 'independent' } },
  })
}
