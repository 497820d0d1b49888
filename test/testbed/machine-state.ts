/** What a measurement must leave as it found it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { command } from '../../experiments/testbed/command.js'

export interface MachineState {
  readonly namespaces: string
  readonly links: string
  readonly rules: string
  readonly settings: string
  readonly mounts: string
  readonly interrupts: string
  /** What an engine may leave: control groups, and the folder in which Podman notes the addresses that it gives away. */
  readonly engines: string
  /** Instances of the kernel's trace, and whether it counts runs of programs. */
  readonly traces: string
}

export async function machineState(): Promise<MachineState> {
  return {
    namespaces: (await command(['ip', 'netns', 'list'])).replace(/ \(id: \d+\)/g, ''),
    links: (await command(['ip', '-o', 'link'])).replace(/link-netnsid \d+/g, ''),
    rules: await command(['nft', 'list', 'ruleset']),
    // Counts that move by themselves are no settings.
    settings: (await command(['sysctl', '-e', '-a', '--pattern', '^(net|kernel\\.sched)'])).replace(/^.*_count = .*$/gm, ''),
    mounts: readFileSync('/proc/self/mounts', 'utf8'),
    traces: [
      ...(existsSync('/sys/kernel/tracing/instances') ? readdirSync('/sys/kernel/tracing/instances') : []),
      readFileSync('/proc/sys/kernel/bpf_stats_enabled', 'utf8').trim(),
    ].join('\n'),
    engines: [...controlGroups(), existsSync('/run/containers') ? '/run/containers' : ''].join('\n'),
    interrupts: readdirSync('/proc/irq')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => `${name} ${readFileSync(`/proc/irq/${name}/smp_affinity`, 'utf8').trim()}`)
      .join('\n'),
  }
}

function controlGroups(): string[] {
  const root = '/sys/fs/cgroup'
  return readdirSync(root).flatMap((hierarchy) =>
    readdirSync(`${root}/${hierarchy}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${hierarchy}/${entry.name}`),
  )
}
