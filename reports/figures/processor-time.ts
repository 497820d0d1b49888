import { modelColour, type Theme, themeConfig } from '../theme.js'
import { contextStrength, contexts } from './contexts.js'
import { title } from './guides.js'
import type { ProcessorTimeData } from './processor-time-data.js'
import { asSpec, type Spec } from './spec.js'

/** A bar for each model and core, stacked by the context that the time is spent in; the interval is that of the whole. */
export function processorTime(data: ProcessorTimeData, theme: Theme): Spec {
  const rowOf = ({ model, core }: { readonly model: string; readonly core: string }): string =>
    data.cores.length > 1 ? `${model}, ${core}` : model
  const rows = data.models.flatMap((model) =>
    data.cores
      .filter((core) => data.totals.some((total) => total.model === model && total.core === core))
      .map((core) => rowOf({ model, core })),
  )
  const bars = data.bars.map((bar) => ({
    ...bar,
    row: rowOf(bar),
    colour: modelColour(theme, data.palette, bar.model),
    rank: contexts.indexOf(bar.context),
  }))
  const y = {
    field: 'row',
    type: 'nominal',
    sort: rows,
    axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: 0 },
  }
  const x = {
    type: 'quantitative',
    scale: { nice: true, zero: true },
    axis: { title: 'processor time (µs a message)', tickCount: 6, format: '~r' },
  }
  const intervals = data.totals.filter((total) => total.low !== null).map((total) => ({ ...total, row: rowOf(total) }))
  return asSpec({
    title: title(theme, data.title, data.cores.length > 1 ? undefined : `all on ${data.cores[0]}, a request with its reply`),
    width: theme.widthPt,
    height: rows.length * theme.fontSizePt * 2,
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar', strokeWidth: 0, height: { band: 0.74 } },
        encoding: {
          y,
          x: { ...x, field: 'us', stack: true },
          order: { field: 'rank' },
          fill: { field: 'colour', type: 'nominal', scale: null },
          opacity: contextStrength(theme, data.contexts, theme.widthPt * 0.8),
          description: { field: 'description' },
        },
      },
      {
        data: { values: bars },
        mark: { type: 'bar', fill: 'transparent', strokeWidth: 0.5, height: { band: 0.74 }, aria: false },
        encoding: {
          y,
          x: { ...x, field: 'us', stack: true },
          order: { field: 'rank' },
          stroke: { field: 'colour', type: 'nominal', scale: null },
        },
      },
      ...(intervals.length === 0
        ? []
        : [
            {
              data: { values: intervals },
              mark: { type: 'rule', strokeWidth: 1, color: theme.ink, aria: false },
              encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
            },
          ]),
    ],
  })
}
