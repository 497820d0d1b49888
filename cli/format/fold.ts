/** Lines no wider than a terminal: broken between words, or between columns, and indented so that what goes on is seen to. */

/** Less room than this for a last column is none. */
const LEAST_COLUMN = 24
const COLUMNS_INDENT = 4
const PROSE_INDENT = 2

/** @param width characters; null leaves everything as it is: a file has no width */
export function fold(text: string, width: number | null): string {
  if (width === null) return text
  return text
    .split('\n')
    .flatMap((line) => foldLine(line, width))
    .join('\n')
}

function foldLine(line: string, width: number): string[] {
  if (line.length <= width) return [line]
  const indent = indentOf(line, width)
  const at = breakBefore(line, width, indent)
  if (at === null) return [line]
  return [line.slice(0, at).trimEnd(), ...foldLine(' '.repeat(indent) + line.slice(at).trimStart(), width)]
}

/** Behind a label (`Answer: `), in the last column of a table's line, which two blanks begin; a little, for prose and where that column has no room. */
function indentOf(line: string, width: number): number {
  const label = /^(?:[A-Z][a-z]+:? {2,}|[A-Z][a-z]+: |Warning )/.exec(line)
  if (label !== null) return label[0].length
  if (!line.startsWith('  ')) return PROSE_INDENT
  const last = [...line.matchAll(/\S {2,}(?=\S)/g)].at(-1)
  if (last === undefined) return /^ */.exec(line)![0].length
  const column = last.index + last[0].length
  return column + LEAST_COLUMN <= width ? column : COLUMNS_INDENT
}

/** The last gap within the width: of a table whose last column has no room one between columns, else one between words. */
function breakBefore(line: string, width: number, indent: number): number | null {
  const within = line.slice(0, width + 1)
  const hasColumns = / {2,}\S/.test(line.trimStart())
  if (hasColumns && indent === COLUMNS_INDENT) {
    const columns = [...within.matchAll(/ {2,}/g)].filter(({ index }) => index > indent)
    if (columns.length > 0) return columns.at(-1)!.index
  }
  const at = within.lastIndexOf(' ')
  return at > indent ? at : null
}

/** Of what a stream is shown on; null where it is no terminal. */
export function widthOf(stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }): number | null {
  return stream.isTTY === true ? stream.columns || 80 : null
}
