import { connect } from 'node:net'
import type { buildConnector } from 'undici'

/** A packet that is lost is sent again after this time: https://www.rfc-editor.org/rfc/rfc6298#section-2. A new connection is as good. */
const CONNECT_TIMEOUT_MS = 1000

/** Opens the TCP connection of an https URL, for TLS to come later. It loads nothing that encrypts. */
export const connectTcp: buildConnector.connector = ({ hostname, port }, callback) => {
  const socket = connect({ host: hostname, port: Number(port || 443), timeout: CONNECT_TIMEOUT_MS })
  socket.once('timeout', () => socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`)))
  // Without a limit from now on: TLS has its own.
  socket.once('connect', () => callback(null, socket.setTimeout(0)))
  // After the callback: a connection that breaks while it waits is closed, which is all that there is to know.
  socket.on('error', (error) => callback(error, null))
}
