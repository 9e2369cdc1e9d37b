import type { Dispatcher } from 'undici'
import apiRequest from 'undici/lib/api/api-request.js'

/**
 * Where requests are sent: connections of undici, or the choice of those by the URL of a request.
 */
export type Connections = Dispatcher | ((url: URL) => Promise<Dispatcher>)

export type RequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path'>

/** Sends one request, as `request` of undici's index does: https://github.com/nodejs/undici/blob/main/index.js */
export async function sendRequest(
  connections: Connections,
  url: URL,
  options: RequestOptions,
): Promise<Dispatcher.ResponseData> {
  const dispatcher = typeof connections === 'function' ? await connections(url) : connections
  return await apiRequest.call(dispatcher, { ...options, origin: url.origin, path: url.pathname + url.search })
}
