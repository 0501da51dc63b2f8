import type { Bridge } from '../../shared/bridge.ts'
import type { MethodName, ParametersOf } from '../../shared/contract.ts'
import { type LabConnection, resultOf } from './lab-connection.ts'

/** The lab in the desktop app: it is there as long as the window is. */
export function bridgeConnection(bridge: Bridge): LabConnection {
  return {
    async call<M extends MethodName>(method: M, parameters: ParametersOf<M>) {
      return resultOf<M>(await bridge.request({ method, parameters }))
    },
    onEvent(listener) {
      bridge.onEvent(listener)
      void bridge.request({ method: 'watch', parameters: {} }).then((reply) => {
        if ('error' in reply) listener({ type: 'problem', error: reply.error })
      })
    },
    onLink: (listener) => listener('open'),
  }
}
