/** Where a profile comes from: a file, one that ships by name, or the bundled default. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readProfile } from '../models/index.js'
import type { Profile } from '../models/profiles/profile.js'
import { packageRoot } from './package-root.js'

const folder = fileURLToPath(new URL('models/profiles/', packageRoot))
const ending = '.profile.json'

/** The profile that is used where neither the command nor the experiment names one. */
export const bundledProfile = 'lab'

/** Names of the profiles that ship. */
export function profileNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort()
}

/** @throws RangeError where there is no such profile, Error where the file is none. */
export function loadProfile(fileOrName: string | null): Profile {
  const name = fileOrName ?? bundledProfile
  const file = existsSync(name) ? name : `${folder}${name}${ending}`
  if (!existsSync(file))
    throw new RangeError(`expected a file or one of the profiles that ship (${profileNames().join(', ')}), got "${name}"`)
  return parseProfile(readFileSync(file, 'utf8'), file)
}

/** @throws Error that names `file` where the text is no profile. */
export function parseProfile(text: string, file: string): Profile {
  try {
    return readProfile(JSON.parse(text))
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
