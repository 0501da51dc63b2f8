import type { SystemFiles } from './system-files.ts'

/**
 * What makers write into the tables of a virtual machine's firmware, as systemd knows them
 * (https://github.com/systemd/systemd, src/basic/virt.c).
 */
const makers: readonly (readonly [RegExp, string])[] = [
  [/^KVM|^OpenStack/, 'KVM'],
  [/^Amazon EC2/, 'Amazon EC2'],
  [/^QEMU/, 'QEMU'],
  [/^VMware|^VMW/, 'VMware'],
  [/^innotek GmbH|^VirtualBox/, 'VirtualBox'],
  [/^Xen/, 'Xen'],
  [/^Bochs/, 'Bochs'],
  [/^Parallels/, 'Parallels'],
  [/^BHYVE/, 'bhyve'],
  [/^Hyper-V|^Virtual Machine$/, 'Hyper-V'],
  [/^Apple Virtualization/, 'Apple Virtualization'],
  [/^Google Compute Engine/, 'Google Compute Engine'],
]

/** Clocks that only guests have. */
const guestClocks: readonly (readonly [RegExp, string])[] = [
  [/\bkvm-clock\b/, 'KVM'],
  [/\bhyperv_/, 'Hyper-V'],
  [/\bxen\b/, 'Xen'],
]

/**
 * The hypervisor below this system, on Linux; `none`, or null where nothing tells.
 *
 * @param named a name found elsewhere, taken only where the processor says that there is one
 */
export function virtualMachineOf(files: SystemFiles, named: string | null): string | null {
  if (/microsoft/i.test(files.text('/proc/sys/kernel/osrelease') ?? '')) return 'WSL'
  const flags = /^flags\s*:(.*)$/m.exec(files.text('/proc/cpuinfo') ?? '')?.[1]
  const isGuest = flags === undefined ? null : / hypervisor( |$)/.test(flags)
  // The same makers sell bare machines too, and a processor that names itself is not mistaken.
  if (isGuest === false) return 'none'
  const firmware = ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor'].flatMap(
    (name) => files.text(`/sys/class/dmi/id/${name}`) ?? [],
  )
  const maker = makers.find(([pattern]) => firmware.some((text) => pattern.test(text)))?.[1]
  if (maker !== undefined) return maker
  const clocks = files.text('/sys/devices/system/clocksource/clocksource0/available_clocksource')
  const clock = guestClocks.find(([pattern]) => pattern.test(clocks ?? ''))?.[1]
  const tree = files.text('/proc/device-tree/hypervisor/compatible')
  const found = clock ?? (tree === null ? null : /xen/.test(tree) ? 'Xen' : 'KVM')
  if (found !== null) return found
  if (isGuest) return named ?? 'of unknown kind'
  return firmware.length > 0 ? 'none' : null
}

/** The kind of container this runs in; `none` where nothing shows one. */
export function containerOf(
  files: SystemFiles,
  variables: Readonly<Record<string, string | undefined>>,
): string | null {
  if (variables.KUBERNETES_SERVICE_HOST) return 'Kubernetes'
  if (files.text('/.dockerenv') !== null) return 'Docker'
  if (files.text('/run/.containerenv') !== null) return 'Podman'
  // Set by systemd-nspawn, LXC and Podman.
  if (variables.container) return variables.container
  const groups = files.text('/proc/self/cgroup')
  if (groups === null) return null
  return /kubepods|\/docker[/-]|\/libpod-|\/lxc[/.]/.test(groups) ? 'of unknown kind' : 'none'
}
