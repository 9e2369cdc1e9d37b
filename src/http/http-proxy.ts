import connect from 'undici/lib/api/api-connect.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

// ProxyAgent sends CONNECT with this method, which the index of undici adds.
Dispatcher.prototype.connect = connect

export { ProxyAgent }
