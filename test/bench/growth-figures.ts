/** The figures of the growth benchmark, drawn as every figure of Fairway is. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { title } from '../../reports/figures/guides.js'
import { logDomain } from '../../reports/figures/scales.js'
import { asSpec, type Spec, type SpecPart } from '../../reports/figures/spec.js'
import { renderSvg } from '../../reports/render/svg.js'
import { modelDash, type Theme, themeConfig, twoColumns } from '../../reports/theme.js'
import type { Growth, PendingCost, TimeSlice } from './growth.js'

export async function writeGrowthFigures({ pending, time }: Growth, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'kernel-pending.svg'), await renderSvg(costByPending(pending, twoColumns)))
  writeFileSync(join(folder, 'kernel-time.svg'), await renderSvg(costByTime(time, twoColumns)))
}

const WHO: readonly string[] = ['fairway', 'C, buckets', 'C, heap', 'flatqueue', 'ns-3']

/** Cost of an event against the events pending, beside the others. */
export function costByPending(costs: readonly PendingCost[], theme: Theme): Spec {
  const who = WHO.filter((name) => costs.some((cost) => cost.who === name))
  const sizes = logDomain(costs.map((cost) => cost.pending))
  const ns = logDomain(costs.flatMap(({ min, max }) => [min, max]))
  const log = ({ low, high }: { low: number; high: number }): SpecPart => ({ type: 'log', domain: [low, high], nice: false })
  const x = {
    field: 'pending',
    type: 'quantitative',
    scale: log(sizes),
    axis: { title: 'events pending (log scale)', values: sizes.ticks, grid: false, format: ',' },
  }
  const y = { type: 'quantitative', scale: log(ns), axis: { title: 'ns a pop and a push (log scale)', values: ns.ticks, format: '~r' } }
  const colour = { field: 'who', type: 'nominal', sort: who, scale: { domain: who, range: who.map((_, i) => theme.models[i]!) } }
  const legend = { title: null, orient: 'top', columns: who.length, symbolType: 'stroke', symbolSize: 120, symbolStrokeWidth: 1.2 }
  return asSpec({
    title: title(
      theme,
      'What does an event cost as more are pending?',
      'hold model, exponential delay, draw included; bars: fastest and slowest process',
    ),
    padding: 1,
    config: themeConfig(theme),
    width: theme.widthPt - 60,
    height: theme.widthPt * 0.42,
    data: { values: costs.filter((cost) => who.includes(cost.who)) },
    encoding: { x, color: { ...colour, legend } },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.2 },
        encoding: {
          y: { ...y, field: 'ns' },
          strokeDash: { ...colour, scale: { domain: who, range: who.map((name) => modelDash(who, name)) }, legend },
        },
      },
      { mark: { type: 'rule', strokeWidth: 0.6 }, encoding: { y: { ...y, field: 'min' }, y2: { field: 'max' } } },
      { mark: { type: 'point', filled: true, size: 14, opacity: 1 }, encoding: { y: { ...y, field: 'ns' } } },
    ],
  })
}

/** Cost of an event, and what the process holds, against simulated time. */
export function costByTime(slices: readonly TimeSlice[], theme: Theme): Spec {
  const data = { values: slices.map((slice) => ({ ...slice, simulatedH: slice.simulatedS / 3600 })) }
  const width = theme.widthPt - 60
  const x = (isLast: boolean): SpecPart => ({
    field: 'simulatedH',
    type: 'quantitative',
    scale: { zero: true, nice: false },
    axis: isLast ? { title: 'simulated time (h)', grid: false, format: ',' } : { title: null, labels: false, ticks: false, grid: false },
  })
  const y = (field: string, axisTitle: string): SpecPart => ({
    field,
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: axisTitle, tickCount: 4 },
  })
  const held = [
    { field: 'rssMiB', name: 'resident' },
    { field: 'heapMiB', name: 'heap' },
  ]
  const scaled = (range: readonly unknown[]): SpecPart => ({
    field: 'what',
    type: 'nominal',
    scale: { domain: held.map(({ name }) => name), range },
    legend: { title: null, orient: 'top', direction: 'horizontal', symbolType: 'stroke', symbolSize: 120, symbolStrokeWidth: 1.2 },
  })
  return asSpec({
    title: title(
      theme,
      'Does an event cost more, or the process hold more, as simulated time goes on?',
      `M/M/1 at load 0.8 through the public kernel, ${(slices.at(-1)!.events / 1e6).toFixed(0)} million events; medians of the processes, band: cheapest and dearest`,
    ),
    padding: 1,
    spacing: 6,
    config: themeConfig(theme),
    data,
    vconcat: [
      {
        width,
        height: theme.widthPt * 0.2,
        encoding: { x: x(false) },
        layer: [
          { mark: { type: 'area', color: theme.band, opacity: 0.6 }, encoding: { y: y('min', 'ns an event'), y2: { field: 'max' } } },
          {
            mark: { type: 'line', color: theme.models[0], strokeWidth: 1.2, point: { size: 12, color: theme.models[0] } },
            encoding: { y: y('ns', 'ns an event') },
          },
        ],
      },
      {
        width,
        height: theme.widthPt * 0.2,
        encoding: { x: x(true) },
        layer: held.map(({ field, name }) => ({
          transform: [{ calculate: `'${name}'`, as: 'what' }],
          mark: { type: 'line', strokeWidth: 1.2, point: { size: 12 } },
          encoding: {
            y: y(field, 'memory (MiB)'),
            color: scaled([theme.models[0], theme.models[1]]),
            strokeDash: scaled([
              [1, 0],
              [5, 2],
            ]),
          },
        })),
      },
    ],
    resolve: { scale: { y: 'independent', color: 'independent', strokeDash: 'independent' } },
  })
}
