/** Attributes of an SVG that hold coordinates and lengths. */
const PLACES = / (transform|d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points)="([^"]*)"/g

/**
 * An SVG's coordinates at thousandths of a point. Scales take logarithms, whose last bit differs between JavaScript engines (ECMA-262 leaves
 * Math.log to the implementation): rounded, the drawing has the same bytes in every one, and nobody sees a thousandth.
 */
export function rounded(svg: string): string {
  return svg.replace(PLACES, (_, name: string, value: string) => ` ${name}="${value.replace(/-?\d+\.\d{4,}(e-?\d+)?/g, thousandths)}"`)
}

const thousandths = (number: string): string => String(Math.round(Number(number) * 1000) / 1000)
