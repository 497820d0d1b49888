/** Where a measurement was made: kernel, processor, hypervisor, idle states and the instruments' versions. Host names are left out. */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { command } from './command.js'
import { readSetting } from './settings.js'

export interface MachineEnvironment {
  readonly kernel: string
  /** CONFIG_HZ: the length of a jiffy; null where the kernel doesn't tell. */
  readonly hz: number | null
  /** Preemption mode, as the kernel's build has it: `none`, `voluntary`, `full`, `lazy`; `dynamic` says that it may differ since boot. */
  readonly preemption: string
  readonly mitigations: string
  readonly processor: string
  readonly cores: number
  readonly memoryMiB: number
  readonly hypervisor: string
  readonly cpuidleDriver: string
  readonly cpuidleGovernor: string
  readonly clockSource: string
  /** Debian packages, or what the program itself says. */
  readonly instruments: Readonly<Record<string, string>>
}

const INSTRUMENTS = [
  'sockperf',
  'iperf3',
  'microsocks',
  'dante-server',
  'haproxy',
  'nginx-light',
  'nginx',
  'socat',
  'proxychains4',
  'wrk',
  'iproute2',
  'nftables',
  'iptables',
  'gcc',
  'containernetworking-plugins',
  'podman',
  'netavark',
  'runc',
] as const

export async function environmentOf(): Promise<MachineEnvironment> {
  const configuration = kernelConfiguration()
  const cpu = readSetting('/proc/cpuinfo') === null ? '' : readFileSync('/proc/cpuinfo', 'utf8')
  const hz = /^CONFIG_HZ=(\d+)$/m.exec(configuration)?.[1]
  return {
    kernel: readSetting('/proc/sys/kernel/osrelease') ?? 'unknown',
    hz: hz === undefined ? null : Number(hz),
    preemption: preemptionOf(configuration),
    mitigations: /\bmitigations=(\S+)/.exec(readSetting('/proc/cmdline') ?? '')?.[1] ?? 'default',
    processor: /^model name\s*: (.*)$/m.exec(cpu)?.[1] ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) / 1024),
    hypervisor: await hypervisor(cpu),
    cpuidleDriver: readSetting('/sys/devices/system/cpu/cpuidle/current_driver') ?? 'none',
    cpuidleGovernor: readSetting('/sys/devices/system/cpu/cpuidle/current_governor') ?? 'none',
    clockSource: readSetting('/sys/devices/system/clocksource/clocksource0/current_clocksource') ?? 'unknown',
    instruments: await instrumentVersions(),
  }
}

/** The machine in one line, as captions print it: `2-core VM, AMD EPYC, Linux 6.18`. */
export function machineLine(environment: MachineEnvironment): string {
  const kind = environment.hypervisor === 'none' ? 'machine' : 'VM'
  return `${environment.cores}-core ${kind}, ${environment.processor}, Linux ${environment.kernel.split('.').slice(0, 2).join('.')}`
}

function kernelConfiguration(): string {
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString('utf8')
  } catch {
    return readSetting(`/boot/config-${readSetting('/proc/sys/kernel/osrelease')}`) ?? ''
  }
}

function preemptionOf(configuration: string): string {
  const mode = (['NONE', 'VOLUNTARY', 'LAZY'] as const).find((name) => configuration.includes(`CONFIG_PREEMPT_${name}=y`))?.toLowerCase()
  const built = mode ?? (configuration.includes('CONFIG_PREEMPT=y') ? 'full' : 'unknown')
  return configuration.includes('CONFIG_PREEMPT_DYNAMIC=y') ? `${built} (dynamic)` : built
}

async function hypervisor(cpuInformation: string): Promise<string> {
  try {
    const vendor = /"Hypervisor vendor:",\s*"data":\s*"([^"]*)"/.exec(await command(['lscpu', '-J']))?.[1]
    if (vendor !== undefined) return vendor
  } catch {
    // lscpu is missing: the processor's flag still tells.
  }
  return /^flags.*\bhypervisor\b/m.test(cpuInformation) ? 'unknown' : 'none'
}

async function instrumentVersions(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of INSTRUMENTS) {
    try {
      found[name] = await command(['dpkg-query', '-W', '-f', '$' + '{Version}', name])
    } catch {
      // Not a Debian package here; `doctor` says what is missing.
    }
  }
  return found
}
