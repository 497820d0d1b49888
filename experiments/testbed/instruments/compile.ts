/** Fairway's own instruments are C sources, compiled on the machine that they measure. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../package-root.js'
import { command } from '../command.js'

/**
 * @param name of the source without `.c`, and of the program
 * @returns the program in the folder, compiled where it is not there yet. @throws CommandError where gcc is missing or refuses
 */
export async function compileInstrument(folder: string, name: string): Promise<string> {
  const program = join(folder, name)
  const source = fileURLToPath(new URL(`experiments/testbed/instruments/${name}.c`, packageRoot))
  if (!existsSync(program)) await command(['gcc', '-O2', '-o', program, source, '-lm'])
  return program
}
