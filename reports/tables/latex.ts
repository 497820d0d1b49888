import { estimate } from '../format/estimate.js'
import type { Table, TableCell } from './table.js'

/** A `table` environment with booktabs rules; needs `\usepackage{booktabs}`. Its label begins with the experiment's name: papers hold several. */
export function latexTable(table: Table, experiment: string): string {
  const lines = [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${[table.title, ...table.notes].map(latexText).join(' ')}}`,
    `  \\label{tab:${experiment}-${table.name}}`,
    `  \\begin{tabular}{${table.columns.map((column) => (column.align === 'right' ? 'r' : 'l')).join('')}}`,
    '    \\toprule',
    `    ${row(table.columns.map((column) => latexText(column.title)))}`,
    '    \\midrule',
    ...table.rows.map((cells) => `    ${row(cells.map(cell))}`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ]
  return `${lines.join('\n')}\n`
}

function cell(value: TableCell): string {
  if (value === null) return '--'
  if (typeof value === 'string') return latexText(value)
  const math = estimate(value.value, value.halfWidth, value.leastDigits).replaceAll('−', '-').replace('±', '\\pm')
  return `$${math}${value.marked ? '^{*}' : ''}$`
}

const row = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`

const symbols: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  µ: '$\\mu$',
  '±': '$\\pm$',
  '−': '$-$',
  '×': '$\\times$',
  '–': '--',
}

/** Plain text in LaTeX: what is special there is escaped, our few symbols become commands. */
export function latexText(value: string): string {
  return value.replace(/[\\~^µ±−×–]|[#$%&_{}]/g, (character) => symbols[character] ?? `\\${character}`)
}
