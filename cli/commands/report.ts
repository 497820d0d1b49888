/** `fairway report RESULT...`: draws the figures, tables and page again from the rows that are there. */
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { act, type SharedOptions } from '../options.js'

export function define(command: Command): void {
  command.argument('<result...>', 'result folders')
  act<SharedOptions>(command, async (screen, [folders]) => {
    const { redrawResultFolder } = await import('../fill-result-folder.js')
    const out: string[] = []
    for (const folder of folders as string[]) {
      const { summary, path } = await redrawResultFolder(folder)
      out.push(path)
      screen.print(summary)
    }
    screen.document({ out: out.length === 1 ? out[0] : out })
    return exitCode.done
  })
}
