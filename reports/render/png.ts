import { crc32 } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import { fontFiles } from './fonts.js'

const DOTS_PER_INCH = 300
const POINTS_PER_INCH = 72

/** An SVG as PNG at 300 dots per inch on white, with the font that ships: the same picture on every machine. */
export function renderPng(svg: string, widthPt: number): Buffer {
  const picture = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'width', value: Math.round((widthPt * DOTS_PER_INCH) / POINTS_PER_INCH) },
    font: { fontFiles: Object.values(fontFiles), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  })
  return withResolution(picture.render().asPng())
}

/** Adds the chunk that tells the picture's physical size (PNG, third edition, 11.3.4.3: pHYs), right after the 25 bytes of IHDR. */
function withResolution(png: Buffer): Buffer {
  const perMetre = Math.round(DOTS_PER_INCH / 0.0254)
  const body = Buffer.alloc(13)
  body.write('pHYs', 0, 'latin1')
  body.writeUInt32BE(perMetre, 4)
  body.writeUInt32BE(perMetre, 8)
  body.writeUInt8(1, 12)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(9)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  const headerEnd = 8 + 25
  return Buffer.concat([png.subarray(0, headerEnd), length, body, check, png.subarray(headerEnd)])
}
