/** Stripes for what can't be observed. Vega has no patterns, but hands a fill of `url(#...)` on to the SVG, where the pattern is defined. */

const idOf = (colour: string): string => `hatch-${colour.replace(/[^a-z0-9]/gi, '')}`

/** The fill that stands for stripes in a colour; the specification lists the colour under `usermeta.hatch`. */
export function hatchOf(colour: string): string {
  return `url(#${idOf(colour)})`
}

export function hatchPattern(colour: string): string {
  return (
    `<pattern id="${idOf(colour)}" patternUnits="userSpaceOnUse" width="2.6" height="2.6" patternTransform="rotate(45)">` +
    `<rect width="1" height="2.6" fill="${colour}"/></pattern>`
  )
}
