/** An axis of named places: level labels while they fit side by side, slanted ones where they would touch. */
import { textWidth } from '../format/text-width.js'
import type { Theme } from '../theme.js'

/** Room between two labels, pt. */
const GAP_PT = 4

/** @param stepPt distance between two places */
export function namedPlacesAxis(theme: Theme, places: readonly string[], stepPt: number, title: string | null) {
  const isCrowded = places.some((place) => textWidth(place, theme.fontSizePt) + GAP_PT > stepPt)
  return {
    title,
    grid: false,
    labelAngle: isCrowded ? -45 : 0,
    labelAlign: isCrowded ? 'right' : 'center',
    labelBaseline: isCrowded ? 'middle' : 'top',
    labelLimit: 0,
  }
}
