/** One campaign at a time: two would measure each other. The kernel lets the lock go when its holder dies, however it dies. */
import { spawn } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ownIdentity, type ProcessIdentity } from './process-identity.js'

/** Somebody else measures. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  constructor(readonly holder: ProcessIdentity | null) {
    super(`another campaign is being measured${holder === null ? '' : ` (process ${holder.pid})`}; wait for it, or call with --wait`)
  }
}

export interface Lock {
  release(): void
}

/**
 * Takes the lock of a state directory: flock(2) on `STATE/lock`, which names the holder's process and start time for whoever reads it.
 * @param waitSeconds how long to wait for another holder; 0: not at all
 * @throws BusyError when somebody else still holds it
 */
export async function takeLock(state: string, waitSeconds: number): Promise<Lock> {
  mkdirSync(state, { recursive: true })
  const path = join(state, 'lock')
  // Opened with O_CLOEXEC (Node's way): no instrument inherits it. The child locks the open file that we share with it, and leaves.
  const file = openSync(path, 'a+')
  const code = await flock(file, waitSeconds)
  if (code !== 0) {
    closeSync(file)
    throw new BusyError(holderOf(path))
  }
  ftruncateSync(file, 0)
  writeSync(file, `${JSON.stringify(ownIdentity())}\n`)
  let held = true
  return {
    release() {
      if (!held) return
      held = false
      ftruncateSync(file, 0)
      closeSync(file)
    },
  }
}

function flock(file: number, waitSeconds: number): Promise<number | null> {
  const how = waitSeconds > 0 ? ['--timeout', String(waitSeconds)] : ['--nonblock']
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['--exclusive', ...how, '3'], { stdio: ['ignore', 'ignore', 'ignore', file] })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
}

function holderOf(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity
  } catch {
    return null
  }
}
