/** Lines whose columns align, indented by two spaces; the columns in `right` are flush right. */
export function alignColumns(rows: readonly (readonly string[])[], { right = [] }: { readonly right?: readonly number[] } = {}): string {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows
    .map((row) => row.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  '))
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
