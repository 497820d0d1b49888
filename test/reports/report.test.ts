import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pair } from '../../experiments/comparison.js'
import type { Row } from '../../experiments/rows.js'
import { readCsv, resultFolder } from '../../experiments/store/index.js'
import { statedHalfWidth } from '../../reports/cells.js'
import { publishedData } from '../../reports/figures/published-data.js'
import { reportFigures } from '../../reports/figures/report-figures.js'
import { evenTicks } from '../../reports/figures/scales.js'
import { stageWaterfallData } from '../../reports/figures/stage-waterfall-data.js'
import { missedFigures, undrawnFigures } from '../../reports/figures/undrawn.js'
import { decimalsOf, estimate, fixed, percent } from '../../reports/format/estimate.js'
import { textWidth } from '../../reports/format/text-width.js'
import { bytes, duration } from '../../reports/format/units.js'
import { findingsOf, heldOutErrors, joinRows, prepareReport, reportTables, summaryLines } from '../../reports/index.js'
import { wantedPointPairs } from '../../reports/point-pairs.js'
import { publishedInShort, publishedVerdicts } from '../../reports/published-verdict.js'
import { fontFiles } from '../../reports/render/fonts.js'
import { whereSentence } from '../../reports/sentences.js'
import { csvTable } from '../../reports/tables/csv.js'
import { latexTable, latexText } from '../../reports/tables/latex.js'
import { markdownTable } from '../../reports/tables/markdown.js'
import { oneColumn } from '../../reports/theme.js'
import { writeReport } from '../../reports/write-report.js'
import { inventedLoad } from './invented-load.js'
import { inventedExperiment, inventedInput, inventedRows } from './invented-results.js'

const report = prepareReport(inventedInput)

describe('an estimate', () => {
  it.each([
    [8.7123, 0.1, '8.7 ± 0.1'],
    [3.5567, 0.14, '3.56 ± 0.14'],
    [24.21, 0.88, '24.2 ± 0.9'],
    [1.2794, 0.021, '1.28 ± 0.02'],
    [9.8765, 0.096, '9.9 ± 0.1'],
    [22_143.2, 834, '22100 ± 800'],
    [-0.004, 0.2, '0.0 ± 0.2'],
    [-1.94, 0.2, '−1.9 ± 0.2'],
    [5, 0, '5.000 ± 0'],
    [12.345, null, '12.3'],
  ])('of %d with half-width %d is printed as %s', (value, halfWidth, text) => {
    expect(estimate(value, halfWidth)).toBe(text)
  })

  it.each([
    [5547, 10_490, '5550 ± 10490'],
    [44_005, 10_470, '44000 ± 10500'],
    [18.66, 1.04, '18.7 ± 1.0'],
    [6.663, 0.38, '6.66 ± 0.38'],
  ])(
    'of %d with half-width %d, beside an error, is printed as %s: three digits stay, however wide the interval',
    (value, halfWidth, text) => {
      expect(estimate(value, halfWidth, 3)).toBe(text)
    },
  )

  it('never changes its half-width by more than a fifth in print', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (halfWidth) => {
        const printed = Number(fixed(halfWidth, decimalsOf(halfWidth)))
        expect(Math.abs(printed - halfWidth)).toBeLessThanOrEqual((halfWidth / 5) * (1 + 1e-9))
      }),
    )
  })

  it('is refused a half-width that is none', () => {
    expect(() => decimalsOf(Number.NaN)).toThrow('got NaN')
  })
})

describe('units', () => {
  it('name sizes by the largest unit that leaves a whole number', () => {
    expect([64, 1400, 1024, 4096, 1 << 20].map(bytes)).toEqual(['64 B', '1400 B', '1 KiB', '4 KiB', '1 MiB'])
  })

  it('name durations from nanoseconds to seconds', () => {
    expect([85, 8700, 44_000_000, 2e9].map(duration)).toEqual(['85.0 ns', '8.70 us', '44.0 ms', '2.00 s'])
  })

  it('sign an error only where they are asked to, and never a zero', () => {
    expect([
      percent(0.018, { signed: true }),
      percent(-0.018, { signed: true }),
      percent(0.00001, { signed: true }),
      percent(0.018),
    ]).toEqual(['+1.8 %', '−1.8 %', '0.0 %', '1.8 %'])
  })
})

describe('text', () => {
  it('is as wide as the font says', async () => {
    // @ts-expect-error pdfkit brings fontkit along, without types.
    const { create } = (await import('fontkit')) as unknown as {
      create(file: Buffer): { layout(text: string): { advanceWidth: number }; unitsPerEm: number }
    }
    const sample = 'latency, p50 (µs): 8.7 ± 0.1 × −3 – vxlan.encapsulate'
    for (const weight of ['regular', 'bold'] as const) {
      const font = create(readFileSync(fontFiles[weight]))
      // Glyph by glyph, because the table knows no kerning and no ligatures.
      const width = [...sample].reduce((sum, character) => sum + font.layout(character).advanceWidth, 0) / font.unitsPerEm
      expect(textWidth(sample, 7, weight === 'bold' ? 'bold' : 'normal')).toBeCloseTo(width * 7, 9)
    }
  })
})

describe('the palette', () => {
  /** CIE 1976 L* of an sRGB colour (IEC 61966-2-1, D65 white). */
  function lightness(hex: string): number {
    const linear = [1, 3, 5].map((i) => {
      const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    const y = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
    return y > 216 / 24_389 ? 116 * Math.cbrt(y) - 16 : (24_389 / 27) * y
  }

  it('keeps the first four models apart in greyscale by three times what an eye just tells apart', () => {
    const four = oneColumn.models
      .slice(0, 4)
      .map(lightness)
      .sort((a, b) => a - b)
    // A difference of 2.3 in L* is just noticeable (Mahy, Van Eycken and Oosterlinck 1994).
    for (let i = 1; i < 4; i++) expect(four[i]! - four[i - 1]!).toBeGreaterThan(3 * 2.3)
  })
})

describe('joined rows', () => {
  const [simulated, measured] = inventedRows.filter((row) => row.statistic === 'p50')

  it('stand beside one another, one cell per point, flow, metric and statistic, in sweep order', () => {
    expect(report.cells.filter((cell) => cell.statistic === 'p50').map((cell) => cell.point)).toEqual(
      inventedExperiment.points.map((point) => point.id),
    )
    expect(report.cells.every((cell) => cell.simulated && cell.measured)).toBe(true)
  })

  it('call a point fitted where its role or the profile says so, and never held out then', () => {
    const heldOut = { ...measured!, role: 'held-out' as const }
    expect(joinRows(inventedExperiment, [simulated!, heldOut]).cells[0]).toMatchObject({ fitted: false, heldOut: true })
    expect(joinRows(inventedExperiment, [simulated!, heldOut], [heldOut.rowId]).cells[0]).toMatchObject({ fitted: true, heldOut: false })
  })

  it('call a point fitted on the fit’s own machine alone', () => {
    const on = (processor: string, rowId: string, runs: number) => ({
      ...measured!,
      rowId,
      runs,
      role: 'none' as const,
      environment: JSON.stringify({ ...JSON.parse(measured!.environment ?? '{}'), processor }),
    })
    const [fitted, mine] = [on('AMD EPYC', 'theirs', 9), on('Another', 'mine', 90)]
    expect(joinRows(inventedExperiment, [simulated!, fitted], ['theirs']).cells[0]).toMatchObject({ fitted: true })
    expect(joinRows(inventedExperiment, [simulated!, fitted, mine], ['theirs']).cells[0]).toMatchObject({ measured: mine, fitted: false })
  })

  it('leave out and count rows of points that the experiment no longer has', () => {
    expect(joinRows(inventedExperiment, [{ ...simulated!, point: '{"model":"gone"}' }])).toMatchObject({ cells: [], strangers: 1 })
  })

  it('take what was measured for the experiment itself before a data set, and of two such campaigns the latest', () => {
    const own = (number: number) => ({ ...measured!, rowId: `own-${number}`, campaign: `${inventedExperiment.name}-${number}`, runs: 1 })
    const joined = joinRows(inventedExperiment, [own(9), measured!, own(10)])
    expect(joined.cells[0]!.measured!.rowId).toBe('own-10')
    expect(joined.contested).toBe(1)
    expect(joinRows(inventedExperiment, [measured!, own(1), { ...measured!, rowId: 'twin' }]).contested).toBe(0)
  })

  it('take the row over most runs where one source offers two, whatever their order', () => {
    const more = { ...simulated!, rowId: 'more', runs: 40 }
    for (const rows of [
      [simulated!, more],
      [more, simulated!],
    ]) {
      const joined = joinRows(inventedExperiment, rows)
      expect(joined.cells[0]!.simulated!.rowId).toBe('more')
      expect(joined.contested).toBe(0)
    }
    expect(joinRows(inventedExperiment, [simulated!, { ...simulated!, rowId: 'twin' }]).contested).toBe(1)
  })
})

describe('a measurement of few runs', () => {
  const [measured] = inventedRows.filter((row) => row.statistic === 'p50' && row.source === 'measured')
  const of = (runs: number) => joinRows(inventedExperiment, [{ ...measured!, runs, halfWidth: 0.1 }]).cells[0]!.measured!

  it('states no interval: two runs repeat to a nanosecond by luck', () => {
    expect(of(2)).toMatchObject({ value: measured!.value, halfWidth: null, halfWidthKind: null, confidence: null })
    expect(of(8).halfWidth).toBeNull()
    expect(of(9).halfWidth).toBe(0.1)
  })

  it('keeps the interval of few replications, which Student knows', () => {
    const simulated = inventedRows.find((row) => row.source === 'simulated')!
    expect(statedHalfWidth({ ...simulated, runs: 2 })).toBe(simulated.halfWidth)
  })
})

describe('warnings', () => {
  const outside = (trust: (row: Row) => string) => {
    const rows = inventedRows.map((row) => (row.source === 'simulated' ? { ...row, trust: trust(row) } : row))
    return prepareReport({ ...inventedInput, rows }).allWarnings.map(({ text }) => text)
  }

  it('name few points, and of many how many of each model they are and where', () => {
    expect(outside(({ point }) => (/:(64|256),"model":"socks"/.test(point) ? 'too new' : 'inside'))).toEqual([
      'socks, 64 B; socks, 256 B, outside the region of trust: too new',
    ])
    expect(outside(({ point }) => (/:(1400|4096|16384),"model":"(socks|overlay)"/.test(point) ? 'too long' : 'inside'))).toEqual([
      'overlay and socks at 3 of 6 points, from 1400 B to 16 KiB, outside the region of trust: too long',
    ])
  })

  it('tell a reason once, whatever stands beside it, and reasons of the same points together', () => {
    const words = outside(({ point }) => `far (whether it works is known; how well is not); new${/:16384/.test(point) ? '; long' : ''}`)
    expect(words).toEqual([
      'every network model at all 6 points, outside the region of trust: far (whether it works is known; how well is not); new',
      'every network model at 1 of 6 points, 16 KiB, outside the region of trust: long',
    ])
  })
})

describe('published ratios', () => {
  it('are judged in words: within both intervals together, or by how much ours lies away', () => {
    const data = publishedData(report, 'ping')!
    // 1.28 ± 0.03 and 1.33 ± 0.04: 0.054 apart, 0.053 together; 1.71 ± 0.04 and 2.0 ± 0.3: 0.29 apart, 0.30 together.
    expect(publishedVerdicts(data)).toEqual([
      'bridge / shared: ours, 1.28 ± 0.03, is 4 % below Invented 2020, TCP (1.33 ± 0.04).',
      'overlay / shared: ours, 1.71 ± 0.04, agrees with Invented 2020, TCP (2.0 ± 0.3).',
    ])
    expect(publishedInShort(data)).toBe('1 of 2 ratios agrees with ours, which is 4 % below the other')
  })
})

describe('a load', () => {
  const answer = (rows: readonly Row[]) =>
    summaryLines(prepareReport({ ...inventedLoad, rows }), { folder: 'r' }).find((line) => line.startsWith('Answer'))
  const slower = (from: number, source: Row['source']) =>
    inventedLoad.rows.map((row) => {
      const { 'flows.ping.workload.rate': rate } = JSON.parse(row.point) as { readonly 'flows.ping.workload.rate': number }
      return row.source === source && row.model === 'shared' && rate >= from ? { ...row, value: row.value * 10 } : row
    })

  it('is said to turn response time up beyond the knee, and where the measurement has another', () => {
    expect(answer(inventedLoad.rows)).toContain('Response time turns up beyond 80 k/s in shared and beyond 60 k/s in bridge and overlay.')
    expect(answer(slower(60_000, 'measured'))).toContain('beyond 80 k/s in shared (measured: beyond 40 k/s) and beyond 60 k/s in')
    expect(answer(slower(90_000, 'published'))).not.toContain('(measured')
  })

  it('is said to turn nothing up where the knee is none of those swept', () => {
    const fast = inventedLoad.rows.map((row) => ({ ...row, value: 5000 }))
    expect(answer(fast)).toContain('Within 90 k/s response time does not turn up in shared, bridge and overlay.')
  })
})

describe('held-out errors', () => {
  it('are the median and the worst of the absolute relative errors, with the worst point by name', () => {
    const cells = report.cells.filter((cell) => cell.statistic === 'p50').slice(0, 3)
    const with_ = (i: number, measured: number) => ({
      ...cells[i]!,
      heldOut: true,
      simulated: { ...cells[i]!.simulated!, value: 100, halfWidth: 3 },
      measured: { ...cells[i]!.measured!, value: measured, halfWidth: measured / 100 },
    })
    // Errors by hand: 100/98 - 1 = 2.04 %, 100/110 - 1 = -9.09 %, 100/104 - 1 = -3.85 %; only the 110 lies outside 3 and its own 1 %.
    const errors = heldOutErrors(inventedExperiment, [with_(0, 98), with_(1, 110), with_(2, 104)])!
    expect(errors).toMatchObject({ points: 3, worstPoint: 'shared, 256 B', repeatability: 0.01, medianHalfWidth: 0.03 })
    expect(errors.medianError).toBeCloseTo(1 - 100 / 104, 12)
    expect(errors.worstError).toBeCloseTo(1 - 100 / 110, 12)
    expect(errors.coverage).toBeCloseTo(1 / 3, 12)
  })

  it('outside the region of trust stand apart, with the worst of them and, of a stall, the messages of one run', () => {
    const cell = report.cells.find(({ statistic, model }) => statistic === 'p50' && model === 'socks')!
    const apartOf = (value: number, messages: number) =>
      heldOutErrors(inventedExperiment, [
        { ...cell, heldOut: true },
        {
          ...cell,
          heldOut: true,
          simulated: { ...cell.simulated!, trust: 'far', value, messages: 100_000, runs: 10 },
          measured: { ...cell.measured!, value: 2 * value, messages, runs: 9 },
        },
      ])!.apart
    expect(apartOf(22e6, 495)).toEqual({
      points: 1,
      worstError: 0.5,
      worstPoint: 'socks, 64 B',
      messages: { simulated: 10_000, measured: 55 },
    })
    expect(apartOf(22e6, 90_000)!.messages, 'as many messages').toBeNull()
    expect(apartOf(1000, 495)!.messages, 'no stall').toBeNull()
  })

  it('are none where nothing was held out', () => {
    expect(
      heldOutErrors(
        inventedExperiment,
        report.cells.filter((cell) => cell.fitted),
      ),
    ).toBeNull()
  })
})

describe('the first screen on a terminal', () => {
  it('answers the question from the rows', () => {
    expect(summaryLines(report, { folder: 'results/invented', file: 'experiments/invented.yaml', elapsedS: 6.21 })).toMatchInlineSnapshot(`
      [
        "What do a shared namespace, a bridge, an overlay and a SOCKS proxy cost a message, and where does the time go?",
        "TCP ping-pong; latency = half the round trip, p50, us; all processes on core 1; cubic.  95 % intervals: chance + calibration",
        "profile invented: 2-core VM, invented processor, Linux 6.18.  It describes that machine, not yours: \`npm run -s fairway -- calibrate --measure\`",
        "",
        "  64 B                  simulated     measured (9)   error    against shared   largest differences (us)",
        "  shared                6.81 ± 0.10   6.75 ± 0.08    fitted   1",
        "  bridge                8.71 ± 0.13   8.71 ± 0.10    fitted   1.28 ± 0.03      bridge.forward 0.90 ± 0.04  veth.transmit 0.65 ± 0.03",
        "  overlay, one kernel   11.6 ± 0.2    11.27 ± 0.14   +3.0 %   1.71 ± 0.04      bridge.forward 1.55 ± 0.08  vxlan.encapsulate 1.45 ± 0.07",
        "  socks (microsocks)    24.2 ± 0.9    24.4 ± 0.3     -0.9 %   3.56 ± 0.14      proxy.relay 6.3 ± 0.3  context.switch 4.1 ± 0.3",
        "",
        "Answer: At 64 B shared takes 6.8 ± 0.1 us; bridge adds 1.90 ± 0.17 us; overlay adds 4.8 ± 0.2 us; socks costs 3.56 ± 0.14 times as much. Socks stalls for a timer at 1400 B and 4 KiB (22.0 ms); shared, bridge and overlay never do: where socks stalls, they take 6.95 to 12.3 us.",
        "Trust:  held out 12 points: median error 1.9 %, worst 3.3 % (socks, 4 KiB); 1 more lies outside the region of trust and errs by 3.1 % (socks, 16 KiB); measurement repeats to 1.2 %",
        "Warning socks, 16 KiB, outside the region of trust: message size above 4 KiB was never validated",
        "Report  results/invented/index.html     Rows  rows.csv, rows.parquet     (24 points x 10 replications, 6.2 s)",
        "Next    \`... new mine --from invented\`  |  \`... measure experiments/invented.yaml\` (root)  |  \`... doctor\`",
      ]
    `)
  })

  it('says which models wait for no timer where another does, and what they take there', () => {
    const answer = (input: typeof inventedInput) =>
      summaryLines(prepareReport(input), { folder: 'r' }).find((line) => line.startsWith('Answer'))
    expect(answer(inventedInput)).toContain('shared, bridge and overlay never do: where socks stalls, they take 6.95 to 12.3 us.')
    // With every model stalling somewhere there is no cure to name.
    const all = inventedRows.map((row) => (row.statistic === 'p50' && row.point.includes('1400') ? { ...row, value: 44e6 } : row))
    expect(answer({ ...inventedInput, rows: all })).toContain('; overlay stalls at 1400 B')
    expect(answer({ ...inventedInput, rows: all })).not.toContain('never do')
  })

  it('speaks of every value of another swept key, what it changes for the baseline, and what a size and one byte more cost', () => {
    const key = 'flows.ping.transport'
    const sizes: Readonly<Record<number, number>> = { 64: 1448, 256: 1449, 16384: 32768 }
    const idOf = (point: string, transport: string): string | null => {
      const { model, 'flows.ping.workload.message': size } = JSON.parse(point) as { model: string; 'flows.ping.workload.message': number }
      const known = model !== 'socks' && sizes[size] !== undefined
      return known ? JSON.stringify({ model, 'flows.ping.workload.message': sizes[size], [key]: transport }) : null
    }
    const both = <T>(make: (transport: string) => readonly T[]): T[] => ['tcp', 'udp'].flatMap(make)
    const points = both((transport) =>
      inventedExperiment.points.flatMap((one) => {
        const id = idOf(one.id, transport)
        return id === null ? [] : [{ ...one, id, values: JSON.parse(id) as typeof one.values }]
      }),
    )
    const rows = both((transport) =>
      inventedRows.flatMap((row) => {
        const point = row.source === 'published' ? null : idOf(row.point, transport)
        return point === null ? [] : [{ ...row, point, rowId: `${row.rowId}-${transport}` }]
      }),
    )
    const idAt = (size: number, transport: string): string =>
      points.find(({ model, values }) => model === 'shared' && values['flows.ping.workload.message'] === size && values[key] === transport)!
        .id
    const pair = (difference: number) => ({ flow: 'ping', metric: 'latency', statistic: 'p50', difference, halfWidth: 40 }) as Pair
    const pointPairs = [
      { from: idAt(1448, 'tcp'), to: idAt(1448, 'udp'), pair: pair(-700) },
      { from: idAt(1448, 'tcp'), to: idAt(1449, 'tcp'), pair: pair(2600) },
      { from: idAt(1448, 'udp'), to: idAt(1449, 'udp'), pair: pair(30) },
    ]
    const experiment = { ...inventedExperiment, points, models: ['shared', 'bridge', 'overlay'] }
    expect(wantedPointPairs(experiment)).toEqual(expect.arrayContaining(pointPairs.map(({ from, to }) => [from, to])))
    const lines = summaryLines(prepareReport({ ...inventedInput, experiment, rows, pointPairs }), { folder: 'r' })
    const [tcp, udp] = lines.filter((line) => line.startsWith('Answer: '))
    expect(tcp).toContain('With transport tcp at 1448 B shared takes 6.8 ± 0.1 us; bridge adds')
    expect(tcp).toContain('At 32 KiB shared takes')
    expect(tcp).toContain('The first byte beyond 1448 B adds 2.60 ± 0.04 us in shared.')
    expect(udp).toContain('With transport udp at 1448 B shared takes 6.8 ± 0.1 us, 0.70 ± 0.04 us less than with transport tcp; bridge')
    expect(udp, 'a step within its interval').not.toContain('first byte')
  })

  it('of a file without models says what a message takes and which stages it goes to, and compares it with nothing', () => {
    const ofShared = inventedExperiment.points.filter(({ model }) => model === 'shared').slice(0, 1)
    const id = (text: string): string => text.replaceAll('"shared"', '"base"')
    const experiment = {
      ...inventedExperiment,
      baseline: null,
      models: ['base'],
      points: ofShared.map((one) => ({ ...one, model: 'base', id: id(one.id), values: JSON.parse(id(one.id)) as typeof one.values })),
    }
    const alone = <R extends { readonly point: string; readonly model: string }>(rows: readonly R[]): R[] =>
      rows.filter(({ point }) => point === ofShared[0]!.id).map((row) => ({ ...row, point: id(row.point), model: 'base' }))
    const only = prepareReport({ ...inventedInput, experiment, rows: alone(inventedRows), stages: alone(inventedInput.stages) })
    const lines = summaryLines(only, { folder: 'r' })
    expect(lines.find((line) => line.startsWith('Answer: '))).toBe('Answer: A message takes 6.8 ± 0.1 us.')
    expect(lines.find((line) => line.includes('simulated '))).toMatch(/error +largest stages \(us\)$/)
    expect(whereSentence(findingsOf(only, 'ping')!, 'us')).toMatch(/^Most of it goes to [a-z.]+ \([\d.]+ ± [\d.]+ us\) and /)
  })

  it('says that a quota makes the difference where stages account for less than half of it', () => {
    const key = (row: Row): boolean => row.source === 'simulated' && row.statistic === 'mean'
    const halted = (scale: number): string[] => {
      const rows = inventedRows.map((row) =>
        key(row) && row.model !== 'shared' ? { ...row, value: row.value * scale, limits: 'quota of server (60 % halted)' } : row,
      )
      return summaryLines(prepareReport({ ...inventedInput, rows }), { folder: 'r' }).filter((line) => line.startsWith('  overlay'))
    }
    expect(halted(4)[0]).toMatch(/the quota$/)
    expect(halted(1)[0]).not.toContain('quota')
  })

  it('names the figures that the file asks for and its rows cannot fill, with the reason', () => {
    const asked = { ...inventedExperiment, report: ['latency-cdf', 'published', 'ranks'] as const }
    const bare = prepareReport({ ...inventedInput, experiment: asked, rows: inventedRows.filter(({ source }) => source !== 'published') })
    const undrawn = undrawnFigures(bare, reportFigures(bare))
    expect(undrawn.map(({ figure }) => figure)).toEqual(['published'])
    const lines = summaryLines(bare, { folder: 'r', missed: missedFigures(bare, undrawn) })
    expect(lines).toContainEqual(expect.stringMatching(/^Missing figure published: no study/))
    // Without a list of its own a file asks for nothing in particular.
    expect(missedFigures(report, [{ figure: 'published', reason: '' }])).toEqual([])
  })

  it('takes the paired difference of the runner where there is one', () => {
    const pair = {
      a: 'shared',
      b: 'bridge',
      source: 'simulated' as const,
      point: '{"flows.ping.workload.message":64}',
      flow: 'ping',
      metric: 'latency' as const,
      statistic: 'p50',
      unit: 'ns',
      difference: 1900,
      ratio: 1.28,
      halfWidth: 30,
      ratioHalfWidth: 0.004,
      effectSize: 12,
      pairing: 'common random numbers' as const,
      pairs: 10,
      p: 0.001,
      verdict: 'more' as const,
      attribution: null,
    }
    const lines = summaryLines(prepareReport({ ...inventedInput, pairs: [pair] }), { folder: 'results/invented' })
    expect(lines.find((line) => line.startsWith('Answer'))).toContain('bridge adds 1.90 ± 0.03 us')
    expect(lines.find((line) => line.startsWith('  bridge'))).toContain('1.280 ± 0.004')
  })

  it('says that nothing was compared where there is neither measurement nor validation', () => {
    const rows = inventedRows.filter((row) => row.source === 'simulated')
    const bare = prepareReport({ ...inventedInput, rows, profile: { ...inventedInput.profile!, validation: null } })
    expect(summaryLines(bare, { folder: 'r' }).find((line) => line.startsWith('Trust'))).toContain(
      'no prediction of this profile was compared',
    )
  })

  it('says what a linear sum errs by, beside the simulation over the same points', () => {
    const profile = inventedInput.profile!
    const validation = { ...profile.validation!, baselines: { linear: 0.059, nearest: 0.2 } }
    const trust = (input: typeof inventedInput) =>
      summaryLines(prepareReport(input), { folder: 'r' }).find((line) => line.startsWith('Trust'))
    expect(trust({ ...inventedInput, profile: { ...profile, validation } })).toContain(
      "a linear sum errs by 5.9 % over the profile's 22 held-out points, the simulation by 2.1 %",
    )
    expect(trust(inventedInput)).not.toContain('a linear sum')
  })

  it('shows measured rows alone', () => {
    const rows = inventedRows.filter((row) => row.source === 'measured')
    const lines = summaryLines(prepareReport({ ...inventedInput, rows, stages: [], profile: null }), { folder: 'r' })
    expect(lines.find((line) => line.startsWith('Answer'))).toContain('At 64 B shared takes 6.75 ± 0.08 us; bridge adds')
  })
})

describe('figures', () => {
  it('label the steps of a waterfall with one number of decimals, in every panel', () => {
    const labels = stageWaterfallData(report, 'ping')!.panels.flatMap(({ steps }) => steps.map(({ label }) => label))
    expect(new Set(labels.map((label) => label.split('.')[1]?.length ?? 0)).size).toBe(1)
  })

  it('have at least two ticks on every axis, and about as many as there is room for at the most', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.integer({ min: 2, max: 9 }),
        (low, reach, most) => {
          const ticks = evenTicks(low, low + reach, most)
          expect(ticks.length).toBeGreaterThanOrEqual(2)
          expect(ticks.length).toBeLessThanOrEqual(Math.max(most + 1, 5))
          expect(ticks.every((tick) => tick >= low - 1e-9 && tick <= low + reach + 1e-9)).toBe(true)
        },
      ),
    )
  })
})

describe('tables', () => {
  const tables = reportTables(report)
  const p50 = tables.find((table) => table.name === 'latency-p50')!

  it('hold every point with its intervals, errors, roles and differences', () => {
    expect(tables.map((table) => table.name)).toEqual([
      'latency-p50',
      'latency-p99',
      'latency-mean',
      'stage-differences',
      'published',
      'validation',
    ])
    expect(p50.rows).toHaveLength(inventedExperiment.points.length)
  })

  it('mark a difference in Markdown only where it is shown', () => {
    const close = { ...p50, rows: [[...p50.rows[6]!.slice(0, 7), { value: 0.1, halfWidth: 0.2, marked: false }, null]] }
    expect(markdownTable(p50)).toContain('| 1.90 ± 0.17 \\* |')
    expect(markdownTable(close)).toContain('| 0.1 ± 0.2 |')
  })

  it('are booktabs in LaTeX, with nothing special left unescaped', () => {
    const tex = latexTable(p50, 'invented')
    expect(tex).toMatch(/\\toprule[\s\S]*\\midrule[\s\S]*\\bottomrule/)
    expect(tex).toContain('$1.90 \\pm 0.17^{*}$')
    expect(latexText('50 % of a_b & {c} ~ µs ± 1')).toBe('50 \\% of a\\_b \\& \\{c\\} \\textasciitilde{} $\\mu$s $\\pm$ 1')
  })

  it('are unrounded in CSV, half-widths in columns of their own', () => {
    const [header, ...rows] = readCsv(csvTable(p50)).map((record) => record.fields)
    const column = header!.indexOf('simulated (µs)')
    expect(header![column + 1]).toBe('simulated (µs), half-width')
    expect(Number(rows[0]![column])).toBe(inventedRows[0]!.value / 1000)
    expect(Number(rows[0]![column + 1])).toBe(inventedRows[0]!.halfWidth! / 1000)
  })
})

describe('a written report', () => {
  it('leaves the files that FORMATS names, takes away figures that it no longer has, and leaves the stages alone', async () => {
    const path = mkdtempSync(join(tmpdir(), 'fairway-report-'))
    try {
      const folder = resultFolder(path)
      await writeReport(folder, inventedInput)
      writeFileSync(folder.stages, 'point,flow\n')
      expect(readdirSync(path).sort()).toEqual(['figures', 'index.html', 'tables'])
      expect(existsSync(join(folder.figures, 'validation.pdf'))).toBe(true)
      await writeReport(folder, { ...inventedInput, experiment: { ...inventedExperiment, report: ['latency-by-size'] } })
      const names = ['latency-by-size', 'latency-by-size-wide'].flatMap((name) =>
        ['pdf', 'png', 'svg', 'tex'].map((ending) => `${name}.${ending}`),
      )
      expect(readdirSync(folder.figures).sort()).toEqual(names.sort())
      expect(readFileSync(folder.stages, 'utf8')).toBe('point,flow\n')
    } finally {
      rmSync(path, { recursive: true, force: true })
    }
  })
})
