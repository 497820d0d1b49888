/** Titles and legends that several figures share. */
import type { Source } from '../../experiments/rows.js'
import { textWidth } from '../format/text-width.js'
import type { Theme } from '../theme.js'
import type { SpecPart } from './spec.js'

/** The reader's question, broken into lines that fit the figure, and below it a note in the figure's plain text. */
export function title(theme: Theme, question: string, note?: string): SpecPart {
  const text = linesOf(question, theme, 'bold')
  if (note === undefined) return { text }
  const size = theme.fontSizePt
  return {
    text,
    subtitle: linesOf(note, theme, 'normal'),
    subtitleFontSize: size,
    subtitleColor: theme.muted,
    subtitleLineHeight: size * 1.25,
    subtitlePadding: 2,
  }
}

function linesOf(text: string, theme: Theme, weight: 'normal' | 'bold'): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, theme.fontSizePt, weight) <= theme.widthPt - 4) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Network models above the plot, in as many columns as fit. */
export function modelLegend(theme: Theme, models: readonly string[], symbolType: 'stroke' | 'circle' | 'square'): SpecPart {
  const entryPt = (model: string): number => textWidth(model, theme.fontSizePt) + (symbolType === 'stroke' ? 24 : 18)
  const roomPt = theme.widthPt - theme.fontSizePt * 6.5
  const inOneRow = models.reduce((sum, model) => sum + entryPt(model), 0) <= roomPt
  const columns = inOneRow ? models.length : Math.max(1, Math.floor(roomPt / Math.max(...models.map(entryPt))))
  return {
    title: null,
    orient: 'top',
    columns,
    symbolType,
    symbolSize: symbolType === 'stroke' ? 120 : 28,
    symbolStrokeWidth: symbolType === 'stroke' ? 1.2 : 0,
  }
}

/** Shapes of the sources, where there is more than one. */
export function sourceLegend(theme: Theme, present: readonly Source[]): SpecPart | null {
  if (present.length < 2) return null
  return {
    title: null,
    orient: 'top',
    direction: 'horizontal',
    symbolFillColor: theme.muted,
    symbolStrokeWidth: 0,
    symbolSize: theme.fontSizePt * 5,
  }
}
