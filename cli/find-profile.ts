import { loadProfile } from '../experiments/profile-file.js'
import type { Profile } from '../models/profiles/profile.js'
import { wrongUsage } from './refusal.js'

/** The profile that `--profile` or the experiment names, else the bundled one; a name that leads nowhere is wrong usage. */
export function findProfile(fileOrName: string | null | undefined): Profile {
  try {
    return loadProfile(fileOrName ?? null)
  } catch (error) {
    throw wrongUsage(`--profile: ${error instanceof Error ? error.message : String(error)}`)
  }
}
