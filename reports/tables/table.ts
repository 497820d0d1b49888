/** A table before it is Markdown, LaTeX, CSV or HTML. */

export interface EstimateCell {
  readonly value: number
  readonly halfWidth: number | null
  /** Significant digits that stay however wide the interval is (format/estimate.ts). */
  readonly leastDigits?: number
  /** A difference is shown, after correction for all that are compared with it. */
  readonly marked?: boolean
  /** What it was taken or computed from: ids of rows, or `stage N` for the N-th record (from 1) of tables/stages.csv. The page links there. */
  readonly from?: readonly string[]
}

export type TableCell = string | EstimateCell | null

export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Holds estimates, which CSV writes as two unrounded columns. */
  readonly isEstimate: boolean
}

export interface Table {
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly TableCell[])[]
  /** Below the table: what its numbers and marks mean. */
  readonly notes: readonly string[]
}

export const text = (title: string): TableColumn => ({ title, align: 'left', isEstimate: false })
export const number = (title: string): TableColumn => ({ title, align: 'right', isEstimate: false })
export const estimates = (title: string): TableColumn => ({ title, align: 'right', isEstimate: true })
