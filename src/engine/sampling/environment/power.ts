import type { Environment } from '../../../shared/model/environment.ts'
import type { SystemFiles } from './system-files.ts'

/**
 * What feeds the machine, on Linux
 * (https://docs.kernel.org/power/power_supply_class.html). A machine that lists no supply is fed by the
 * mains; a virtual one does not know.
 */
export function readPowerSource(
  files: SystemFiles,
  isVirtual: boolean,
): Environment['power_source'] {
  if (files.list('/sys/class', /^power_supply$/).length === 0) return null
  let hasBattery = false
  let isDischarging = false
  let isFed = false
  for (const supply of files.list('/sys/class/power_supply', /./)) {
    const type = files.text(`${supply}/type`)
    // A mouse's or a headset's battery does not feed the machine.
    if (type === 'Battery' && files.text(`${supply}/scope`) !== 'Device') {
      hasBattery = true
      isDischarging ||= files.text(`${supply}/status`) === 'Discharging'
    } else if (type === 'Mains' || type === 'USB') {
      isFed ||= (files.count(`${supply}/online`) ?? 0) > 0
    }
  }
  if (isFed) return 'mains'
  if (isDischarging) return 'battery'
  return hasBattery || !isVirtual ? 'mains' : null
}
