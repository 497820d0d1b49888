import { describe, expect, it } from 'vitest'
import { headlineRows, measuredTable, measuredWhat } from '../../cli/format/measured-table.js'
import type { Row } from '../../experiments/rows.js'
import { inventedRows } from '../reports/invented-results.js'

const latency = inventedRows.find((row) => row.source === 'measured' && row.statistic === 'p50')!
const messages: Row = {
  ...latency,
  value: 6750,
  halfWidth: 80,
  environment: '{"disturbedRuns":0.2}',
  proof: '{"verdict":"proven"}',
  limits: null,
}
const stream: Row = { ...messages, flow: 'bulk', metric: 'throughput', statistic: 'mean', unit: 'bit/s', value: 48.6e9, halfWidth: 0.4e9 }
const streams = { ...stream, environment: '{"runs":9}', limits: 'core 1' }

describe('what measure prints at its end', () => {
  it('has what streams carry, beside what messages take', () => {
    const lines = measuredTable([messages, streams], ({ flow }) => flow).split('\n')
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['point', 'measured', 'disturbed runs', 'path'],
      ['ping', '6.75 ± 0.08 us', '20.0 %', 'proven'],
      ['bulk', '48.6 ± 0.4 Gbit/s', '-', 'proven', 'core 1'],
    ])
  })

  it('says which quartile of the runs a number is: a disturbed run takes longer, and carries less', () => {
    expect(measuredWhat([messages], 9)).toBe('latency (half a round trip), p50; lower quartile of the runs, ± as it repeats (95 %)')
    expect(measuredWhat([streams], 3)).toContain('; upper quartile of the runs (fewer than 9, which state no interval)')
    expect(measuredWhat([messages, streams], 9)).toContain('; lower (of throughputs, upper) quartile')
  })

  it('takes one line a point: tails, means and processor time stand in the rows', () => {
    const others: Row[] = [
      { ...messages, statistic: 'p99' },
      { ...streams, metric: 'cpu-per-message' },
      { ...streams, level: 'run' },
    ]
    expect(headlineRows([messages, streams, ...others])).toEqual([messages, streams])
  })
})
