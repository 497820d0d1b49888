/** How figures show in which context processor time is spent: the model keeps its colour, the context is its strength. */
import type { TraceContext } from '../../models/message-trace.js'
import { textWidth } from '../format/text-width.js'
import type { Theme } from '../theme.js'
import type { SpecPart } from './spec.js'

/** From the strongest to the palest; neighbours differ by a third, which a greyscale print keeps apart. */
export const contexts: readonly TraceContext[] = ['system call', 'softirq', 'scheduler', 'user space', 'interrupt', 'hardware']
const strengths: readonly number[] = [1, 0.6, 0.33, 0.16, 0.08, 0.08]

export function contextOpacity(context: TraceContext): number {
  return strengths[contexts.indexOf(context)]!
}

/** The `opacity` channel that draws a context, with its legend within `roomPt`; an outline has to stand in a layer of its own. */
export function contextStrength(theme: Theme, present: readonly TraceContext[], roomPt: number): SpecPart {
  const domain = contexts.filter((context) => present.includes(context))
  return {
    field: 'context',
    type: 'ordinal',
    sort: domain,
    scale: { type: 'ordinal', domain, range: domain.map(contextOpacity) },
    legend: {
      title: null,
      orient: 'top',
      direction: 'horizontal',
      columns: columnsOf(theme, domain, roomPt),
      columnPadding: 5,
      symbolType: 'square',
      symbolSize: theme.fontSizePt * 8,
      symbolFillColor: theme.ink,
      symbolStrokeWidth: 0,
    },
  }
}

/** One row where it fits, else as many columns as do. */
function columnsOf(theme: Theme, words: readonly string[], roomPt: number): number {
  const width = words.reduce((sum, word) => sum + textWidth(word, theme.fontSizePt) + theme.fontSizePt * 2.4, 0)
  return width <= roomPt ? words.length : Math.max(1, Math.floor((words.length * roomPt) / width / 1.15))
}
