/** A figure's specification as SVG text: no canvas, no clock, no network, the same bytes on every call. */
import * as vega from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile } from 'vega-lite'
import { hatchPattern } from '../figures/hatch.js'
import type { Spec } from '../figures/spec.js'
import { textWidth } from '../format/text-width.js'
import { rounded } from './rounded.js'

/** Thrown where Vega-Lite finds something odd in a specification: a figure that only nearly says what was meant must not be printed. */
export class FigureError extends Error {}

export async function renderSvg(spec: Spec): Promise<string> {
  measureText()
  vega.resetSVGDefIds()
  const complaints: string[] = []
  const complain = (...messages: readonly unknown[]): void => {
    complaints.push(messages.map(String).join(' '))
  }
  const { spec: flow } = compile(spec, { logger: silentLogger(complain) })
  // Expressions are walked, not compiled: a page whose policy forbids eval draws the same bytes.
  const view = new vega.View(vega.parse(flow, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
    logger: silentLogger(complain),
  })
  try {
    const svg = await view.toSVG()
    if (complaints.length > 0) throw new FigureError(complaints.join('; '))
    return inPoints(withHatches(rounded(svg), hatchColours(spec)))
  } finally {
    view.finalize()
  }
}

interface TextMetrics {
  canvas(use: boolean): void
  width: (item: { readonly fontSize?: number; readonly fontWeight?: string | number }, text: unknown) => number
}

/** Text is measured from the font's own advances (format/text-width), here as in a browser. */
function measureText(): void {
  // Vega exports it (vega-scenegraph, util/text.js) but its types leave it out.
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics
  metrics.canvas(false)
  metrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11, item.fontWeight === 'bold' ? 'bold' : 'normal')
}

/** The colours whose stripes a specification asks for; Vega-Lite keeps `usermeta` and looks at nothing in it. */
function hatchColours(spec: Spec): readonly string[] {
  return (spec as { usermeta?: { hatch?: readonly string[] } }).usermeta?.hatch ?? []
}

function withHatches(svg: string, colours: readonly string[]): string {
  return colours.length === 0 ? svg : svg.replace(/^<svg[^>]*>/, (open) => `${open}<defs>${colours.map(hatchPattern).join('')}</defs>`)
}

/** Vega's lengths are ours in points: the picture gets its true size, so that a paper includes it without scaling. */
function inPoints(svg: string): string {
  return svg.replace(/^(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"/, '$1 width="$2pt" height="$3pt"')
}

export function sizeOf(svg: string): { readonly widthPt: number; readonly heightPt: number } {
  const match = /^<svg[^>]*? width="([\d.]+)pt" height="([\d.]+)pt"/.exec(svg)
  if (!match) throw new Error(`no size in ${svg.slice(0, 200)}`)
  return { widthPt: Number(match[1]), heightPt: Number(match[2]) }
}

function silentLogger(complain: (...messages: readonly unknown[]) => void) {
  const logger = {
    level: () => logger,
    error: (...messages: readonly unknown[]) => {
      complain(...messages)
      return logger
    },
    warn: (...messages: readonly unknown[]) => {
      complain(...messages)
      return logger
    },
    info: () => logger,
    debug: () => logger,
  }
  return logger as never
}
