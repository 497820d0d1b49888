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
