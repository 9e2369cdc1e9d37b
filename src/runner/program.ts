import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { unlessAborted } from '../core/abort.ts'

/** A program that prints more is not the one that was meant. */
const MAX_OUTPUT_BYTES = 1024 * 1024

export interface ProgramResult {
  /** Null when a signal ended the program. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** What it reads; default nothing. */
  readonly input?: string
}

/**
 * Runs a program of the PATH; what it prints is not logged. It is killed, with the programs that it started, when
 * `signal` aborts or when it prints more than a megabyte.
 * @throws Error why it could not be started, that it printed too much, or the reason of the signal
 */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  { environment, signal, input }: ProgramOptions,
): Promise<ProgramResult> {
  const { exec } = await import('@actions/exec')
  const { promise: tooLarge, reject } = Promise.withResolvers<never>()
  tooLarge.catch(() => {})
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let bytes = 0
  const collectInto = (chunks: Buffer[]) => (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_OUTPUT_BYTES) reject(new Error('it printed more than 1 MiB'))
    else chunks.push(chunk)
  }
  using started = watchStarted(program, input !== undefined)
  const exited = exec(program, [...args], {
    env: variablesOf(environment),
    silent: true,
    ignoreReturnCode: true,
    ...(input !== undefined && { input: Buffer.from(input) }),
    listeners: { stdout: collectInto(output.stdout), stderr: collectInto(output.stderr) },
  })
  // When it is killed, nothing waits for it.
  exited.catch(() => {})
  try {
    const exitCode = await unlessAborted(Promise.race([exited, tooLarge]), signal)
    return { exitCode, stdout: textOf(output.stdout), stderr: textOf(output.stderr) }
  } catch (error) {
    for (const child of started.children) killTree(child)
    throw error
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString()
}

/** Whether an error of `runProgram` says that the program is not on the PATH: @actions/exec has no code for it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unable to locate executable file')
}

function variablesOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value = '']) => [name, value]))
}

/**
 * The processes that are started as this program. @actions/exec does not return them, and Node announces each:
 * https://nodejs.org/api/diagnostics_channel.html#event-child_process. Without input, theirs is closed.
 */
function watchStarted(program: string, hasInput: boolean): Disposable & { readonly children: readonly ChildProcess[] } {
  const children: ChildProcess[] = []
  const add = (message: unknown) => {
    const { process: child } = message as { readonly process: ChildProcess }
    // It is announced before it is started.
    queueMicrotask(() => {
      if (!basename(child.spawnfile ?? '').startsWith(program)) return
      children.push(child)
      // One may exit before it has read its input.
      child.stdin?.on('error', () => {})
      if (!hasInput) child.stdin?.destroy()
    })
  }
  subscribe('child_process', add)
  return { children, [Symbol.dispose]: () => unsubscribe('child_process', add) }
}

function killTree(child: ChildProcess): void {
  const descendants = child.pid === undefined ? [] : descendantsOf(child.pid)
  child.kill('SIGKILL')
  for (const pid of descendants) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}

/** On Linux; elsewhere the runner ends them with the job. https://man7.org/linux/man-pages/man5/proc_pid_task.5.html */
function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    return children.flatMap((one) => [one, ...descendantsOf(one)])
  } catch {
    return []
  }
}
