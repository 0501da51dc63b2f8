import './design/tokens.css'
import './design/base.css'
import './design/controls.css'
import './design/number-input.css'
import './design/menus.css'
import './design/notices.css'
import './design/dialogs.css'
import './design/frame.css'
import './views/views.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { type Bridge, bridgeName } from '../shared/bridge.ts'
import { App } from './app.tsx'
import { bridgeConnection } from './connection/bridge-connection.ts'
import { socketConnection } from './connection/socket-connection.ts'
import { LabStore } from './state/lab-store.ts'

/* The page's composition root: in the desktop app there is a bridge, in a browser a socket. */
const bridge = (window as { [bridgeName]?: Bridge })[bridgeName]
const connection =
  bridge === undefined ? socketConnection(location.origin) : bridgeConnection(bridge)
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <App store={new LabStore(connection)} />
  </StrictMode>,
)
