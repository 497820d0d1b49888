/** `fairway new NAME`: an experiment file of your own, made from one that ships. */
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { act, type SharedOptions } from '../options.js'
import { wrongUsage } from '../refusal.js'

interface Options extends SharedOptions {
  readonly from: string
  readonly dir: string
}

export function define(command: Command): void {
  command
    .argument('<name>', 'name of the new experiment')
    .option('--from <name|file>', 'the experiment to start from', 'first')
    .option('--dir <folder>', 'where the file is written', 'experiments')
  act<Options>(command, async (screen, [name], { from, dir }) => {
    const { newExperiment } = await import('../../experiments/catalogue.js')
    const made = newExperiment(name as string, from, dir)
    if ('refusal' in made) throw wrongUsage(`new: ${made.refusal}`)
    screen.print(`${made.file}: edit it, then \`fairway run ${made.file}\``)
    screen.document({ file: made.file })
    return exitCode.done
  })
}
