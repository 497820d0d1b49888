/** The command as a user runs it from a checkout. */
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../', import.meta.url))
const words = ['--no-warnings', '--import', `${repository}register.mjs`, `${repository}cli/main.ts`]

export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export function fairway(args: readonly string[], cwd: string = repository): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 })
  return { code: status, stdout, stderr }
}

/** Starts the command and leaves it running. */
export function startFairway(args: readonly string[], cwd: string = repository) {
  return spawn(process.execPath, [...words, ...args], { cwd, stdio: 'ignore' })
}
