import { describe, expect, it } from 'vitest'
import { renderSvg } from '../../reports/render/svg.js'
import { twoColumns } from '../../reports/theme.js'
import type { PendingCost, TimeSlice } from './growth.js'
import { costByPending, costByTime } from './growth-figures.js'

const costs = ['fairway', 'C, heap', 'ns-3'].flatMap((who, i) =>
  [1, 100, 1e6].map((pending): PendingCost => ({ who, pending, ns: 20 * (i + 1), min: 19 * (i + 1), max: 24 * (i + 1) })),
)
const slices = [1, 2, 3].map(
  (n): TimeSlice => ({ events: n * 1e6, simulatedS: n * 3600, ns: 46, min: 45, max: 50, heapMiB: 6, rssMiB: 55 }),
)

describe('the figures of the growth benchmark', () => {
  it('draw every queue that was measured, and no other, with its range', async () => {
    const svg = await renderSvg(costByPending(costs, twoColumns))
    for (const who of ['fairway', 'C, heap', 'ns-3']) expect(svg).toContain(`>${who}<`)
    expect(svg).not.toContain('flatqueue')
    expect(svg.match(/aria-roledescription="rule mark"/g)).toHaveLength(costs.length)
    expect(svg).toContain('>1,000,000<')
  })

  it('draw cost and memory over one axis of simulated time', async () => {
    const svg = await renderSvg(costByTime(slices, twoColumns))
    for (const text of ['ns an event', 'memory (MiB)', 'simulated time (h)', 'resident', 'heap']) expect(svg).toContain(`>${text}<`)
    expect(svg.match(/>simulated time \(h\)</g)).toHaveLength(1)
  })
})
