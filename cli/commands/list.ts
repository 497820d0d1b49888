/** `fairway list`: the experiments that ship, each with the question that it answers. */
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { alignColumns } from '../format/columns.js'
import { act, type SharedOptions } from '../options.js'

export function define(command: Command): void {
  act<SharedOptions>(command, async (screen) => {
    const { listExperiments } = await import('../../experiments/catalogue.js')
    const experiments = listExperiments()
    screen.print(
      alignColumns(
        experiments.map(({ name, points, question }) => [name, points === 1 ? '1 point' : `${points} points`, question]),
        { right: [1] },
      ),
    )
    screen.document({ experiments })
    return exitCode.done
  })
}
