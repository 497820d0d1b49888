/** What every figure of latency against size draws alike: the value's axis, and a line per network model. */
import type { Source } from '../../experiments/rows.js'
import type { Theme } from '../theme.js'
import { dashScale, modelScale } from './estimate-mark.js'
import { modelLegend } from './guides.js'
import type { LatencyBySizeData } from './latency-by-size-data.js'
import type { ValueScale } from './scales.js'
import type { SpecPart } from './spec.js'

export const titleOf = (data: LatencyBySizeData, isLog: boolean): string =>
  `${data.metric}, ${data.statistic} (${data.unit.name}${isLog ? ', log scale' : ''})`

export function valueAxis({ scale, ticks }: Pick<ValueScale, 'scale' | 'ticks'>, axisTitle: string | null): SpecPart {
  return { type: 'quantitative', scale, axis: { title: axisTitle, ...(ticks ? { values: ticks, format: ',~r' } : { tickCount: 6 }) } }
}

/** Of the predictions; of the measurements where nothing was simulated. */
export const mainSource = ({ marks }: LatencyBySizeData): Source | undefined =>
  (['simulated', 'measured', 'published'] as const).find((source) => marks.some((mark) => mark.source === source))

/** Through the predictions; through the measurements where nothing was simulated. */
export function lines(data: LatencyBySizeData, theme: Theme, x: SpecPart, y: SpecPart): SpecPart {
  const legend = modelLegend(theme, data.models, 'stroke')
  return {
    transform: [{ filter: `datum.source === '${mainSource(data)}'` }],
    mark: { type: 'line', strokeWidth: 1, aria: false },
    encoding: {
      x,
      y: { ...y, field: 'value' },
      color: { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend },
      strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
    },
  }
}
