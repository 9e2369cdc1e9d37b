// A Chromium that a test controls: https://chromedevtools.github.io/devtools-protocol/
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

/** Parameters and results of the protocol, which a caller asserts. */
// biome-ignore lint/suspicious/noExplicitAny: the protocol has thousands of types
type Message = any

export interface Browser extends AsyncDisposable {
  /** @throws Error when the browser returns one, or ends */
  send(method: string, params?: object, sessionId?: string): Promise<Message>
  /** Calls back for each event of a session. */
  onEvent(sessionId: string, listener: (method: string, params: Message) => void): void
}

/** Starts a browser that is controlled through two pipes, so no port is open. */
export async function startBrowser(chromium: string): Promise<Browser> {
  await using resources = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'browser-'))
  // The processes of Chromium that end last still write there.
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const options = [
    '--headless=new',
    // Chromium does not start as root with its sandbox. It shows only what this repository wrote.
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--remote-debugging-pipe',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]
  const child = spawn(chromium, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  resources.defer(() => stop(child))
  const [, , , input, output] = child.stdio as unknown as Duplex[]
  const waiting = new Map<number, PromiseWithResolvers<Message>>()
  const listeners = new Map<string, (method: string, params: Message) => void>()
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium ended'))
  })

  function receive({ id, result, error, method, params, sessionId }: Message): void {
    if (id === undefined) listeners.get(sessionId)?.(method, params)
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(error.message))
  }

  // Each message ends with a null byte.
  let rest = ''
  output?.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) receive(JSON.parse(message))
  })

  let last = 0
  const running = resources.move()
  return {
    send(method, params = {}, sessionId) {
      const id = ++last
      const call = Promise.withResolvers<Message>()
      waiting.set(id, call)
      input?.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      return call.promise
    },
    onEvent(sessionId, listener) {
      listeners.set(sessionId, listener)
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
