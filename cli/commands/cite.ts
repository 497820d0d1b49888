/** `fairway cite RESULT`: BibTeX for what a result rests on. */
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { act, type SharedOptions } from '../options.js'
import { wrongUsage } from '../refusal.js'

export function define(command: Command): void {
  command.argument('<result>', 'a result folder')
  act<SharedOptions>(command, async (screen, [path]) => {
    const { citationsOf } = await import('../../experiments/citation.js')
    const { readResults, resultFolder, readManifest } = await import('../../experiments/store/index.js')
    const { shippedStudies } = await import('../../experiments/published-files.js')
    const { existsSync } = await import('node:fs')
    const folder = resultFolder(path as string)
    if (!existsSync(folder.manifest)) throw wrongUsage(`${path}: expected a result folder, but it has no manifest.json`)
    const citations = citationsOf(readManifest(folder.manifest), (await readResults(folder)).rows, shippedStudies())
    screen.print(citations.map(({ bibtex }) => bibtex).join('\n\n'))
    screen.document({ citations })
    return exitCode.done
  })
}
