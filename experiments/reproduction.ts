/** A result and its repetition side by side: equal bytes, or where they part and which versions do. */
import { existsSync } from 'node:fs'
import type { Row } from './rows.js'
import { hashFiles, readManifest, readRowsCsv, resultFolder } from './store/index.js'

export interface Difference {
  /** The first row whose value is not the same, in the order of the file; null where all rows are equal. */
  readonly row: { readonly what: string; readonly before: string; readonly after: string } | null
  /** Files of rows, figures, tables and page that differ or are missing on one side. */
  readonly files: readonly string[]
  readonly versions: readonly { readonly name: string; readonly before: string; readonly after: string }[]
}

/** Compares what FORMATS calls equal bytes: rows, figures, tables and page, without manifest, kept replications and raw measurements. Null where all are equal. */
export function differenceOf(then: string, now: string, versions: Readonly<Record<string, string>>): Difference | null {
  const before = comparable(hashFiles(then))
  const after = comparable(hashFiles(now))
  const files = [...new Set([...before.keys(), ...after.keys()])].sort().filter((file) => before.get(file) !== after.get(file))
  if (files.length === 0) return null
  const [old, fresh] = [readManifest(resultFolder(then).manifest), readManifest(resultFolder(now).manifest)]
  const named = (manifest: typeof old, parts: Readonly<Record<string, string>>): Record<string, string> => ({
    ...parts,
    model: manifest.modelHash ?? 'none',
    profile: manifest.profile?.hash ?? 'none',
  })
  const [ofThen, ofNow] = [named(old, old.versions), named(fresh, versions)]
  const names = [...new Set([...Object.keys(ofThen), ...Object.keys(ofNow)])]
  return {
    row: firstDifferentRow(rowsIn(then), rowsIn(now)),
    files,
    versions: names
      .map((name) => ({ name, before: ofThen[name] ?? 'none', after: ofNow[name] ?? 'none' }))
      .filter((version) => version.before !== version.after),
  }
}

function comparable(hashes: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(hashes).filter(([file]) => !/^(replications|measured)\//.test(file)))
}

function rowsIn(path: string): Row[] {
  const file = resultFolder(path).rowsCsv
  return existsSync(file) ? readRowsCsv(file) : []
}

/** Rows are matched by what they say, not by their ids: another model or profile changes every id. */
function firstDifferentRow(then: readonly Row[], now: readonly Row[]): Difference['row'] {
  const byMeaning = new Map(now.map((row) => [meaning(row), row]))
  for (const row of [...then].sort((a, b) => (meaning(a) < meaning(b) ? -1 : 1))) {
    const other = byMeaning.get(meaning(row))
    if (other === undefined) return { what: meaning(row), before: shown(row), after: 'no such row' }
    if (shown(row) !== shown(other)) return { what: meaning(row), before: shown(row), after: shown(other) }
    byMeaning.delete(meaning(row))
  }
  for (const [what, row] of byMeaning) return { what, before: 'no such row', after: shown(row) }
  return null
}

function meaning(row: Row): string {
  const place = [row.point, row.flow, row.source, row.level, row.metric, row.statistic]
  return [...place, row.replication ?? '', row.campaign ?? '', row.block ?? '', row.repeat ?? ''].join(' ').trimEnd()
}

const shown = ({ value, halfWidth, unit, messages, runs }: Row) =>
  `${value} ± ${halfWidth ?? '-'} ${unit} (${messages} messages, ${runs} runs)`
