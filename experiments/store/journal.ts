/**
 * The journal of a run in progress: one line of JSON per finished replication or point, appended and flushed, so that a kill loses at most
 * what was being computed. It lies in the result folder only until the rows are written.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Row } from '../rows.js'
import type { StageRow } from './stages.js'

export interface JournalEntry {
  readonly rows: readonly Row[]
  readonly stages: readonly StageRow[]
}

export function appendJournal(path: string, entry: JournalEntry): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a+')
  try {
    writeSync(file, `${endsTorn(file) ? '\n' : ''}${JSON.stringify(entry)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Whether the last line lacks its end, because a kill cut it off. */
function endsTorn(file: number): boolean {
  const bytes = fstatSync(file).size
  const last = Buffer.alloc(1)
  return bytes > 0 && readSync(file, last, 0, 1, bytes - 1) === 1 && last.toString() !== '\n'
}

/** What was finished; a line that a kill cut off is left out, and a missing file holds nothing. */
export function readJournal(path: string): JournalEntry[] {
  if (!existsSync(path)) return []
  const entries: JournalEntry[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const entry = parsed(line)
    if (entry) entries.push(entry)
  }
  return entries
}

function parsed(line: string): JournalEntry | null {
  if (line === '') return null
  try {
    const entry = JSON.parse(line) as JournalEntry
    return Array.isArray(entry.rows) && Array.isArray(entry.stages) ? entry : null
  } catch {
    return null
  }
}
