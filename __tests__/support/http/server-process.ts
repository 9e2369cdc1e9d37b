// A server of its own process on a free port of the loopback interface, killed with its owner.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface ServerProcess extends AsyncDisposable {
  readonly port: number
}

export interface ServerOptions {
  readonly command: string
  readonly args: (port: number) => readonly string[] | Promise<readonly string[]>
  /** Asked until it says yes; a refused connection counts as no. */
  readonly isReady: (port: number) => Promise<boolean>
  /** Shell commands that clear away what the killed server leaves. */
  readonly afterwards?: string
}

// Standard input is the leash: it closes when the owner lets go of it, and also when the owner is killed.
const leash = `
  afterwards=$1
  shift
  exec 3<&0
  "$@" 3<&- </dev/null & server=$!
  exec >/dev/null 2>&1 # nobody listens to what comes after the owner's death
  { cat <&3; kill -KILL $server; } &
  wait $server
  eval "$afterwards"
`

const startTimeout = 100_000

export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options, await freePort())
    } catch (error) {
      // Another process took the port after we had found it free.
      const taken = error instanceof Error && error.message.includes('address already in use')
      if (!taken || attempt === 3) throw error
    }
  }
}

async function start(options: ServerOptions, port: number): Promise<ServerProcess> {
  const args = ['-c', leash, 'sh', options.afterwards ?? '', options.command, ...(await options.args(port))]
  const child = spawn('sh', args, { env: { PATH: process.env.PATH }, stdio: 'pipe' })
  const closed = once(child, 'close')
  let output = ''
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-4000)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)

  const stop = async () => {
    child.stdin.end()
    await closed
  }
  const deadline = Date.now() + startTimeout
  let lastFailure: unknown
  const isReady = () =>
    options.isReady(port).catch((failure) => {
      lastFailure = failure
      return false
    })
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`${options.command} did not start:\n${output}`, { cause: lastFailure })
    }
    await delay(50)
  }
  return { port, [Symbol.asyncDispose]: stop }
}

/** Below the ports that the system gives to servers and clients which ask for any. */
const FIRST_PORT = 10_000
const PORTS = 20_000
/** Of one process, so that servers which other tests start at the same time do not find the same port free. */
const PORTS_PER_PROCESS = 64
let portsUsed = 0

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + ((process.pid * PORTS_PER_PROCESS + portsUsed++) % PORTS)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return true
  } catch {
    return false
  }
}
