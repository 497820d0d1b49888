/**
 * How an estimate is drawn, everywhere: the interval as a thin line, the measurement's repeatability as a broad pale bar, the value as a
 * mark whose shape is its source (filled: simulated, open: measured, cross: published) and whose colour is its network model.
 */
import type { Source } from '../../experiments/rows.js'
import { modelColour, modelDash, type Theme } from '../theme.js'
import type { SpecPart } from './spec.js'

export interface Mark {
  readonly model: string
  readonly source: Source
  readonly value: number
  readonly low: number
  readonly high: number
  /** In words, for tooltips and screen readers. */
  readonly description: string
}

/** A ring: drawn as a filled outline with a hole, so that a simulated dot stays visible inside it. */
const ring = 'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0ZM-0.7,0A0.7,0.7,0,1,0,0.7,0A0.7,0.7,0,1,0,-0.7,0Z'
const sources: readonly Source[] = ['simulated', 'measured', 'published']

/** Which models a figure shows, and which the experiment has: a model keeps its colour in every figure. */
export interface ShownModels {
  readonly models: readonly string[]
  readonly palette: readonly string[]
}

export function modelScale(theme: Theme, { models, palette }: ShownModels): SpecPart {
  return { domain: models, range: models.map((model) => modelColour(theme, palette, model)) }
}

export function dashScale({ models, palette }: ShownModels): SpecPart {
  return { domain: models, range: models.map((model) => modelDash(palette, model)) }
}

export function sourceShape(present: readonly Source[]): SpecPart {
  const domain = sources.filter((source) => present.includes(source))
  const shapes: Readonly<Record<Source, string>> = { simulated: 'circle', measured: ring, published: 'cross' }
  return { field: 'source', type: 'nominal', scale: { domain, range: domain.map((source) => shapes[source]) } }
}

/** A measured ring stands around a simulated dot. */
export function sourceSize(fontSizePt: number): SpecPart {
  const sizeOf = (source: Source, factor: number) => ({ test: `datum.source === '${source}'`, value: factor * fontSizePt })
  return { condition: [sizeOf('measured', 6), sizeOf('published', 5)], value: 1.8 * fontSizePt }
}

export interface EstimateOptions {
  readonly theme: Theme
  readonly shown: ShownModels
  readonly present: readonly Source[]
  /** The channel of the other axis (`x`), as Vega-Lite has it. */
  readonly x: SpecPart
  /** The value's axis, without its field. */
  readonly y: SpecPart
  /** Left out where another layer of the figure already carries it; null where the figure names its models in another way. */
  readonly modelLegend?: SpecPart | null
  readonly sourceLegend: SpecPart | null
}

/** Layers that draw `Mark`s: repeatability band, interval, value. */
export function estimateLayers({ theme, shown, present, x, y, modelLegend, sourceLegend }: EstimateOptions): SpecPart[] {
  const color = {
    field: 'model',
    type: 'nominal',
    scale: modelScale(theme, shown),
    ...(modelLegend === undefined ? {} : { legend: modelLegend }),
  }
  const interval = { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color }
  const measured = {
    transform: [{ filter: "datum.source === 'measured'" }],
    mark: { type: 'rule', strokeWidth: theme.fontSizePt * 0.9, opacity: 0.25, aria: false },
    encoding: interval,
  }
  const others = {
    transform: [{ filter: "datum.source !== 'measured'" }],
    mark: { type: 'rule', strokeWidth: 0.8, aria: false },
    encoding: interval,
  }
  // A layer without data has no extent, and Vega rightly complains about its scale.
  return [
    ...(present.includes('measured') ? [measured] : []),
    ...(present.some((source) => source !== 'measured') ? [others] : []),
    {
      mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
      encoding: {
        x,
        y: { ...y, field: 'value' },
        color,
        shape: { ...sourceShape(present), legend: sourceLegend },
        size: sourceSize(theme.fontSizePt),
        description: { field: 'description' },
      },
    },
  ]
}
