/** System-call filters that Podman is given in place of its default profile. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The calls of instruments and relays, each with an argument of theirs that is a flag or a count, and so never as large as what the rules look for. */
const CALLS: Readonly<Record<string, number>> = {
  sendto: 3,
  sendmsg: 2,
  recvfrom: 3,
  recvmsg: 2,
  read: 2,
  write: 2,
  writev: 2,
  poll: 1,
  ppoll: 1,
  pselect6: 0,
  epoll_wait: 2,
}
/** Above every flag and every count of those. */
const NEVER = 0x4000_0000

/** A profile that lets all pass, after as many rules for each call as are asked for, of which none matches. */
export function profileOf(rules: number): unknown {
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: Object.entries(CALLS).flatMap(([name, index]) =>
      Array.from({ length: rules }, (_, i) => ({
        names: [name],
        action: 'SCMP_ACT_ERRNO',
        args: [{ index, value: NEVER + i, op: 'SCMP_CMP_EQ' }],
      })),
    ),
  }
}

/** The option by which a container gets its filter. @param rules of the scenario: absent for the engine's default profile, 0 for none */
export function seccompOption(rules: number | undefined, folder: string): string[] {
  if (rules === undefined) return []
  if (rules === 0) return ['--security-opt', 'seccomp=unconfined']
  const file = join(folder, `seccomp-${rules}.json`)
  writeFileSync(file, JSON.stringify(profileOf(rules)))
  return ['--security-opt', `seccomp=${file}`]
}
