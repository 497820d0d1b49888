/** `fairway reproduce RESULT`: runs a result again from what it keeps of its making, and compares the bytes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { alignColumns } from '../format/columns.js'
import { onInterruption } from '../interruption.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'
import { openBar } from '../progress.js'
import { wrongUsage } from '../refusal.js'
import { versions } from '../version.js'

interface Options extends SharedOptions {
  readonly workers?: number
}

export function define(command: Command): void {
  command.argument('<result>', 'a result folder').option('--workers <n>', 'threads that simulate (default: all processors)', wholeNumber(1))
  act<Options>(command, async (screen, [folder], options) => {
    const { readResult } = await import('../../experiments/result.js')
    const { fillResultFolder } = await import('../fill-result-folder.js')
    const { changedSince, readResults } = await import('../../experiments/store/index.js')
    const { differenceOf } = await import('../../experiments/reproduction.js')
    const result = found(() => readResult(folder as string))
    if (result.manifest.modelHash === null) throw wrongUsage(`${folder}: nothing in it was simulated; \`run\` adds the predictions`)
    const changed = changedSince(result.folder, result.manifest)
    if (changed.length > 0) screen.error(`${folder}: changed since it was made, by the hashes in its manifest: ${changed.join(', ')}`)
    const again = await mkdtemp(join(tmpdir(), 'fairway-reproduce-'))
    const bar = await openBar(screen)
    try {
      const { rows } = await readResults(result.folder)
      await fillResultFolder({ ...result.file, experiment: result.experiment }, result.profile, {
        path: again,
        shownPath: result.manifest.out ?? result.folder.path,
        workers: options.workers ?? availableParallelism(),
        command: result.manifest.command,
        beside: rows.filter((row) => row.source !== 'simulated'),
        onProgress: bar.update,
        signal: onInterruption(),
      })
      bar.stop()
      const difference = differenceOf(result.folder.path, again, versions())
      screen.document({ equal: difference === null, ...(difference ?? { row: null, files: [], versions: [] }), changed })
      if (difference === null) {
        screen.print(`${folder}: equal bytes (rows, figures, tables and page)`)
        return exitCode.done
      }
      screen.print(
        [
          `${folder}: not the same bytes`,
          difference.row === null
            ? '  the rows are equal'
            : `  first row that differs: ${difference.row.what}\n    then ${difference.row.before}\n    now  ${difference.row.after}`,
          `  files that differ: ${difference.files.join(', ')}`,
          difference.versions.length === 0
            ? '  no version differs'
            : `  versions that differ\n${alignColumns(difference.versions.map(({ name, before, after }) => ['', name, before, '->', after]))}`,
        ].join('\n'),
      )
      return exitCode.failed
    } finally {
      bar.stop()
      await rm(again, { recursive: true, force: true })
    }
  })
}

function found<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
}
