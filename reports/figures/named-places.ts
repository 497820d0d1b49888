/** An axis of named places: level labels while they fit side by side, slanted ones where they would touch, then upright ones, at last every n-th. */
import { textWidth } from '../format/text-width.js'
import type { Theme } from '../theme.js'

/** Room between two level labels, pt. */
const GAP_PT = 4
/** Least distances of two places, in font sizes, at which labels at 45 degrees, and upright ones, do not touch. */
const SLANTED = 1.3
const UPRIGHT = 1.05

export interface NamedPlacesAxis {
  readonly title: string | null
  /** The places that are labelled, where not all of them are. */
  readonly values?: readonly string[]
  readonly grid: false
  readonly labelAngle: number
  readonly labelAlign: 'right' | 'center'
  readonly labelBaseline: 'middle' | 'top'
  readonly labelLimit: 0
}

/** @param stepPt distance between two places */
export function namedPlacesAxis(theme: Theme, places: readonly string[], stepPt: number, title: string | null): NamedPlacesAxis {
  const isLevel = places.every((place) => textWidth(place, theme.fontSizePt) + GAP_PT <= stepPt)
  const step = stepPt / theme.fontSizePt
  const each = isLevel ? 1 : Math.ceil(UPRIGHT / step)
  return {
    title,
    ...(each === 1 ? {} : { values: places.filter((_, i) => i % each === 0) }),
    grid: false,
    labelAngle: isLevel ? 0 : step >= SLANTED ? -45 : -90,
    labelAlign: isLevel ? 'center' : 'right',
    labelBaseline: isLevel ? 'top' : 'middle',
    labelLimit: 0,
  }
}
