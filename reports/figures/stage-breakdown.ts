import { fixed } from '../format/estimate.js'
import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { title } from './guides.js'
import { hatchOf } from './hatch.js'
import { evenTicks } from './scales.js'
import { asSpec, type Spec } from './spec.js'
import type { StageBreakdownData } from './stage-breakdown-data.js'

/** Below this width, in font sizes, bars with their intervals can't be read. */
const LEAST_PANEL = 4.5

const LEAST_TICKS = 3

/** One panel of bars per network model, as many side by side as have room, one line per stage; hatched where nothing on the kernel observes the stage. */
export function stageBreakdown(data: StageBreakdownData, theme: Theme): Spec {
  const labelPt = Math.max(...data.stages.map((stage) => textWidth(stage, theme.fontSizePt))) + 8
  const spacing = 7
  const least = Math.max(LEAST_PANEL * theme.fontSizePt, ...data.models.map((model) => textWidth(model, theme.fontSizePt, 'bold')))
  const room = theme.widthPt - labelPt - 3
  const fit = Math.max(1, Math.floor((room + spacing) / (least + spacing)))
  // As many rows as needed, and all of them as full as they can be.
  const columns = Math.ceil(data.models.length / Math.ceil(data.models.length / fit))
  const panelPt = Math.floor((room - (columns - 1) * spacing) / columns)
  const values = data.bars.flatMap((bar) => {
    const colour = modelColour(theme, data.palette, bar.model)
    const part = { ...bar, colour, fill: bar.evidence === 'unobservable' ? hatchOf(colour) : colour }
    if (bar.there === null) return [{ ...part, from: 0, to: bar.value, way: 'there' }]
    return [
      { ...part, from: 0, to: bar.there, way: 'there' },
      { ...part, from: bar.there, to: bar.value, way: 'back' },
    ].filter(({ from, to }) => from !== to)
  })
  const isSplit = values.some((bar) => bar.way === 'back')
  const hatched = data.bars.some((bar) => bar.evidence === 'unobservable')
  const note = `${data.quantity}${isSplit ? '; pale: back' : ''}${hatched ? '; hatched: unobservable' : ''}`
  const y = {
    field: 'stage',
    type: 'nominal',
    sort: data.stages,
    axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: 0 },
  }
  const ends = [0, ...data.bars.flatMap((bar) => [bar.value, bar.low, bar.high])]
  const [lowest, highest] = [Math.min(...ends), Math.max(...ends)]
  // A label at the very end of a panel would touch the next panel's first.
  const reach = highest - lowest
  const domain = [lowest - (lowest < 0 ? reach * 0.06 : 0), highest + reach * 0.12]
  const even = evenTicks(domain[0]!, domain[1]!, Math.max(LEAST_TICKS, Math.floor(panelPt / 24)))
  // Half of a label may stand in the gap between two panels.
  const edgePt = (tick: number): number => (Math.min(tick - domain[0]!, domain[1]! - tick) / (domain[1]! - domain[0]!)) * panelPt
  const within = even.filter((tick) => edgePt(tick) + spacing / 2 >= textWidth(fixed(tick, 1), theme.fontSizePt) / 2 + 1)
  const ticks = within.length > 1 ? within : even
  const axis = { title: null, values: ticks, grid: true, labelFlush: false, format: '~r' }
  const x = { type: 'quantitative', scale: { domain, nice: false, zero: true }, axis }
  return asSpec({
    title: title(theme, data.title, note),
    usermeta: { hatch: [...new Set(values.filter((bar) => bar.evidence === 'unobservable').map((bar) => bar.colour))] },
    data: { values },
    padding: 1,
    spacing,
    config: themeConfig(theme),
    facet: { field: 'model', type: 'nominal', sort: data.models, title: null, header: { labelAnchor: 'start', labelLimit: panelPt } },
    columns,
    spec: {
      width: panelPt,
      height: { step: theme.fontSizePt * 1.55 },
      layer: [
        {
          mark: { type: 'bar', strokeWidth: 0.6, height: { band: 0.78 } },
          encoding: {
            y,
            x: { ...x, field: 'from' },
            x2: { field: 'to' },
            fillOpacity: { field: 'way', type: 'ordinal', sort: ['there', 'back'], scale: { domain: ['there', 'back'], range: [1, 0.4] } },
            fill: { field: 'fill', type: 'nominal', scale: null },
            stroke: { field: 'colour', type: 'nominal', scale: null },
            description: { field: 'description' },
          },
        },
        {
          mark: { type: 'rule', strokeWidth: 0.7, color: theme.ink, aria: false },
          encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
        },
      ],
    },
  })
}
