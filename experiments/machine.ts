/** Which machine a row was measured on, and whether a profile describes it. Uses no Node API: the page asks too. */
import type { Row } from './rows.js'

/** The processor's name as the kernel tells it; null where the row names none. */
export function processorOf({ environment }: Pick<Row, 'environment'>): string | null {
  if (environment === null) return null
  return (JSON.parse(environment) as { readonly processor?: string }).processor ?? null
}

/** @param machine a profile's: `2-core VM, AMD EPYC, Linux 6.18` */
export function describes(machine: string, processor: string | null): boolean {
  return processor !== null && machine.includes(processor)
}

export interface ThisMachine {
  /** `2-core VM, AMD EPYC, Linux 6.18`. */
  readonly machine: string
  readonly processor: string
}

/** Which profiles were measured on a machine like this one: all alike, or of the same processor with other cores or another kernel. */
export function profilesFor<Profile extends { readonly machine: string }>(
  { machine, processor }: ThisMachine,
  profiles: readonly Profile[],
): { readonly same: readonly Profile[]; readonly sameProcessor: readonly Profile[] } {
  const same = profiles.filter((profile) => profile.machine === machine)
  return { same, sameProcessor: profiles.filter((profile) => !same.includes(profile) && describes(profile.machine, processor)) }
}
