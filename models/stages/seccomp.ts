import type { CostLaw } from './law.js'

/**
 * A system call of a process under a seccomp filter. A call that the filter lets pass whatever its arguments is found in the filter's bitmap
 * (seccomp_cache_check_allow()) and runs no program: what is left is the slower entry and the reading of the call's data (per call). Where the
 * filter reads an argument of the call, its program is run (per program), one rule after the other (per rule).
 * Kernel: syscall_trace_enter(), __secure_computing(), seccomp_run_filters().
 */
export const seccompFilter: CostLaw = {
  stage: 'seccomp.filter',
  context: 'system call',
  per: ['perCallNs', 'perProgramNs', 'perRuleNs'],
  evidence: 'counted',
  witness: 'Seccomp_filters of the process (proc(5))',
  kernel: '__secure_computing(), seccomp_cache_check_allow(), seccomp_run_filters()',
  optional: true,
}
