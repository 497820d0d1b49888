import PDFDocument from 'pdfkit'
import svgToPdf from 'svg-to-pdfkit'
import { fontFiles } from './fonts.js'

/** An SVG as one page of PDF of its own size, vectors and text with the embedded font. Its dates are the epoch's, so that its bytes repeat. */
export function renderPdf(svg: string, widthPt: number, heightPt: number, title: string): Promise<Buffer> {
  const epoch = new Date(0)
  const document = new PDFDocument({
    size: [widthPt, heightPt],
    margin: 0,
    info: { Title: title, Creator: 'Fairway', Producer: 'Fairway', CreationDate: epoch, ModDate: epoch },
  })
  const chunks: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => resolve(Buffer.concat(chunks)))
    document.on('error', reject)
  })
  svgToPdf(document, svg, 0, 0, {
    width: widthPt,
    height: heightPt,
    fontCallback: (_family, isBold, isItalic) => (isBold ? fontFiles.bold : isItalic ? fontFiles.oblique : fontFiles.regular),
  })
  document.end()
  return done
}
