import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { reportFigures } from '../../reports/figures/report-figures.js'
import { renderPdf } from '../../reports/render/pdf.js'
import { renderPng } from '../../reports/render/png.js'
import { renderSvg, sizeOf } from '../../reports/render/svg.js'
import { prepareReport } from '../../reports/report.js'
import { oneColumn, onPage, type Theme, twoColumns } from '../../reports/theme.js'
import { inventedLoad } from './invented-load.js'
import { inventedExperiment, inventedInput, inventedRows, withOtherSizes } from './invented-results.js'

const golden = fileURLToPath(new URL('../golden/figures/', import.meta.url))
/** Sizes a byte apart around a step, as experiments have them that look for it. */
const crowded = withOtherSizes({ 64: 1446, 256: 1447, 1024: 1448, 1400: 1449, 4096: 1450, 16384: 32768 })
const figures = [
  ...reportFigures(prepareReport(inventedInput)),
  ...reportFigures(prepareReport(inventedLoad)).filter(({ name }) =>
    /^(latency-load|throughput|validation-throughput|residuals-throughput)/.test(name),
  ),
  ...reportFigures(prepareReport(crowded)).flatMap((one) =>
    one.name === 'latency-by-size' ? { ...one, name: 'latency-by-size-strips' } : [],
  ),
]

/** `FAIRWAY_GOLDEN=write` writes what the code draws now; look at it before you keep it. */
function matchesGolden(name: string, content: string): void {
  const path = join(golden, name)
  if (process.env['FAIRWAY_GOLDEN'] === 'write') {
    mkdirSync(golden, { recursive: true })
    writeFileSync(path, content)
  }
  expect(content).toBe(readFileSync(path, 'utf8'))
}

function fits(svg: string, theme: Theme): void {
  const { widthPt } = sizeOf(svg)
  expect(widthPt).toBeLessThanOrEqual(theme.widthPt)
  expect(widthPt).toBeGreaterThan(theme.widthPt * 0.9)
}

describe.each(figures.map((figure) => [figure.name, figure] as const))('%s', (name, figure) => {
  it('has the specification that was looked at', () => {
    matchesGolden(`${name}.vl.json`, `${JSON.stringify(figure.draw(oneColumn), null, 1)}\n`)
  })

  it('has the drawing that was looked at, as wide as one column', async () => {
    const svg = await renderSvg(figure.draw(oneColumn))
    matchesGolden(`${name}.svg`, svg)
    fits(svg, oneColumn)
  })

  it('has the caption that was read', () => {
    matchesGolden(`${name}.caption.txt`, `${figure.caption}\n`)
  })

  it.each([
    ['two columns', twoColumns],
    ['the page', onPage],
  ])('is no wider than %s and uses at least nine tenths of it', async (_, theme) => {
    fits(await renderSvg(figure.draw(theme)), theme)
  })
})

it.each(['latency-by-size', 'stage-breakdown', 'timeline'])('%s gives the same bytes on every call, in every format', async (name) => {
  const figure = figures.find((one) => one.name === name)!
  const draw = async () => {
    const svg = await renderSvg(figure.draw(oneColumn))
    const { widthPt, heightPt } = sizeOf(svg)
    return { svg, png: renderPng(svg, widthPt), pdf: await renderPdf(svg, widthPt, heightPt, figure.title) }
  }
  const first = await draw()
  const second = await draw()
  expect(second.svg).toBe(first.svg)
  expect(second.png.equals(first.png)).toBe(true)
  expect(second.pdf.equals(first.pdf)).toBe(true)
})

describe('every figure is drawn without a complaint', () => {
  const one = inventedExperiment.points.slice(0, 1)
  const onePoint = {
    ...inventedExperiment,
    models: ['shared'],
    points: one.map((point) => ({ ...point, values: { model: 'shared' }, id: '{"model":"shared"}' })),
  }
  const oneRow = inventedRows.filter((row) => row.point === one[0]!.id).map((row) => ({ ...row, point: '{"model":"shared"}' }))
  const oneSize = {
    ...inventedExperiment,
    points: inventedExperiment.points.filter((point) => point.values['flows.ping.workload.message'] === 64),
  }
  /** A second swept key, so that there are panels. */
  const twoPanels = ['cubic', 'reno'].map((control) => ({
    points: inventedExperiment.points.map((point) => {
      const values = { ...point.values, 'tcp.congestion-control': control }
      return { ...point, values, id: JSON.stringify(values) }
    }),
    rows: inventedRows.map((row) => {
      const point = JSON.stringify({ ...(JSON.parse(row.point) as object), 'tcp.congestion-control': control })
      return { ...row, point, rowId: `${row.rowId}-${control}` }
    }),
  }))
  const panels = { ...inventedExperiment, points: twoPanels.flatMap(({ points }) => points) }

  it.each([
    ['one point of one model', { ...inventedInput, experiment: onePoint, rows: oneRow }],
    ['one point, simulated alone', { ...inventedInput, experiment: onePoint, rows: oneRow.filter((row) => row.source === 'simulated') }],
    ['models at one size', { ...inventedInput, experiment: oneSize }],
    ['simulated rows alone', { ...inventedInput, rows: inventedRows.filter((row) => row.source === 'simulated') }],
    ['measured rows alone', { ...inventedInput, rows: inventedRows.filter((row) => row.source === 'measured'), stages: [] }],
    ['rows without intervals', { ...inventedInput, rows: inventedRows.map((row) => ({ ...row, halfWidth: null, halfWidthKind: null })) }],
    ['stages that differ in nothing', { ...inventedInput, stages: inventedInput.stages.map((stage) => ({ ...stage, costNs: 1000 })) }],
    ['a second swept key', { ...inventedInput, experiment: panels, rows: twoPanels.flatMap(({ rows }) => rows) }],
    ['no rows', { ...inventedInput, rows: [], stages: [] }],
  ])('for %s', async (_, input) => {
    for (const figure of reportFigures(prepareReport(input))) {
      const { widthPt } = sizeOf(await renderSvg(figure.draw(oneColumn)))
      expect(widthPt, figure.name).toBeLessThanOrEqual(oneColumn.widthPt)
    }
  })
})

describe('pictures', () => {
  it('carry 300 dots per inch', async () => {
    const svg = await renderSvg(figures[0]!.draw(oneColumn))
    const { widthPt } = sizeOf(svg)
    const png = renderPng(svg, widthPt)
    expect(png.readUInt32BE(16)).toBe(Math.round((widthPt / 72) * 300))
    const chunk = png.indexOf('pHYs')
    expect(png.readUInt32BE(chunk + 4)).toBe(11811)
  })

  it('embed DejaVu Sans in the PDF and name no date of their making', async () => {
    const svg = await renderSvg(figures[0]!.draw(oneColumn))
    const pdf = (await renderPdf(svg, 241, 200, 'title')).toString('latin1')
    expect(pdf).toMatch(/\/FontName \/[A-Z]{6}\+DejaVuSans/)
    expect(pdf).toContain('(D:19700101000000Z)')
    expect(pdf).not.toContain(`(D:${new Date().getUTCFullYear()}`)
  })
})
