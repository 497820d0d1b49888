/** How figures look: one file, so that a paper's figures match. A figure gets a theme and knows no colour, font or size of its own. */

export interface Theme {
  /** Whole width of the figure, points (1/72 inch). */
  readonly widthPt: number
  readonly font: string
  /** Of axis labels, points; titles and legends stand in relation to it. */
  readonly fontSizePt: number
  readonly ink: string
  readonly muted: string
  readonly grid: string
  readonly band: string
  readonly fitted: string
  /** What open marks are filled with; null for a transparent background behind the figure. */
  readonly paper: string
  /** Colour of the n-th network model of the experiment file. */
  readonly models: readonly string[]
}

/**
 * Eight colours whose lightness (CIE L*) differs between neighbours, so that a greyscale print keeps them apart, and whose hues survive
 * the common colour-vision deficiencies: the high-contrast triple of Paul Tol's "Colour Schemes" (SRON/EPS/TN/09-002, issue 3.2, figure 1),
 * continued with colours of his muted scheme (figure 4). The first is the darkest: it is the baseline in the files that ship.
 */
const modelColours = ['#004488', '#bb5566', '#44aa99', '#ddaa33', '#882255', '#88ccee', '#999933', '#222222'] as const

/** DejaVu Sans ships with the package (dejavu-fonts-ttf); Verdana has nearly its widths, for a reader who lacks it. */
const font = 'DejaVu Sans, Verdana, sans-serif'

/** One column of a two-column paper: 3.35 in. Text of 7 pt is the least that most publishers accept. */
export const oneColumn: Theme = {
  widthPt: 241,
  font,
  fontSizePt: 7,
  ink: '#1a1a1a',
  muted: '#5c5c5c',
  grid: '#dddddd',
  band: '#c9c9c9',
  fitted: '#9a9a9a',
  paper: '#ffffff',
  models: modelColours,
}

/** Both columns: 7 in. */
export const twoColumns: Theme = { ...oneColumn, widthPt: 504, fontSizePt: 8 }

/** On the HTML page the colours are the page's own (page/style.ts), so that a figure follows the reader's light or dark scheme. */
export const onPage: Theme = {
  widthPt: 430,
  font,
  fontSizePt: 9,
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  band: 'var(--band)',
  fitted: 'var(--fitted)',
  paper: 'var(--paper)',
  models: modelColours.map((_, i) => `var(--model-${i + 1})`),
}

export function modelColour(theme: Theme, models: readonly string[], model: string): string {
  return theme.models[Math.max(0, models.indexOf(model)) % theme.models.length]!
}

/** Line pattern of the n-th model, so that lines are told apart without colour. */
export function modelDash(models: readonly string[], model: string): readonly number[] {
  const dashes = [[], [5, 2], [1.5, 1.5], [6, 2, 1.5, 2], [3, 2], [8, 3], [1, 3], [4, 1, 1, 1, 1, 1]]
  return dashes[Math.max(0, models.indexOf(model)) % dashes.length]!
}

/** Vega-Lite's `config`: axes, legends and titles in the theme's font and colours. */
export function themeConfig(theme: Theme): Record<string, unknown> {
  const size = theme.fontSizePt
  return {
    font: theme.font,
    background: null,
    view: { stroke: null },
    title: { anchor: 'start', frame: 'bounds', fontSize: size, fontWeight: 'bold', color: theme.ink, offset: 5, lineHeight: size * 1.25 },
    axis: {
      labelFontSize: size,
      titleFontSize: size,
      titleFontWeight: 'normal',
      labelColor: theme.ink,
      titleColor: theme.ink,
      gridColor: theme.grid,
      gridWidth: 0.5,
      domainColor: theme.muted,
      domainWidth: 0.5,
      tickColor: theme.muted,
      tickWidth: 0.5,
      tickSize: 3,
      titlePadding: 3,
      labelPadding: 2,
      translate: 0,
    },
    legend: {
      labelFontSize: size,
      titleFontSize: size,
      titleFontWeight: 'normal',
      labelColor: theme.ink,
      titleColor: theme.ink,
      symbolStrokeWidth: 1.2,
      symbolSize: 28,
      columnPadding: 6,
      rowPadding: 1,
      padding: 0,
      offset: 4,
      symbolOpacity: 1,
      layout: { top: { anchor: 'start', direction: 'vertical', margin: 2 } },
    },
    header: { labelFontSize: size, titleFontSize: size, labelColor: theme.ink, labelFontWeight: 'bold', labelPadding: 3 },
  }
}
