// For exec plugins, which are started as kubectl does: by a path that `findProgram` has found, and with their stderr read while
// they run, to end one that asks for a person. What a step would call by its name is run by src/runner/program.ts, with
// @actions/exec: it writes to stdin, and starts batch files on Windows.
import { type ChildProcess, spawn } from 'node:child_process'

/** A credential is smaller. */
export const MAX_STDOUT_BYTES = 1024 * 1024
/** What the log may show of stderr; the rest is discarded. */
const MAX_STDERR_BYTES = 16 * 1024
/** A program that has ended may have left a child that holds its stdout. */
const CLOSE_DELAY_MS = 1000

export interface Program {
  /** An absolute path. */
  readonly path: string
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

export interface ProgramResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  /** Ends the program, and rejects with its reason. */
  readonly signal: AbortSignal
  /** Is called with all of stderr so far, whenever it grows. */
  readonly onStderr?: (stderr: string) => void
}

/**
 * Runs a program without stdin and terminal, and collects its output. It ends with all its children when `signal` aborts, when
 * it writes more than MAX_STDOUT_BYTES, and when this process ends.
 * @throws OutputTooLarge, the reason of `signal`, or why the program could not be started
 */
export async function runProgram(
  { path, args, environment }: Program,
  { signal, onStderr = () => {} }: ProgramOptions,
): Promise<ProgramResult> {
  signal.throwIfAborted()
  // In a process group of its own, so its children end as well.
  const detached = process.platform !== 'win32'
  const child = spawn(path, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached, windowsHide: true })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  running.add(child)
  const stdout: Buffer[] = []
  let size = 0
  let stderr = Buffer.alloc(0)
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_STDOUT_BYTES) return reject(new OutputTooLarge())
    stdout.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length >= MAX_STDERR_BYTES) return
    stderr = Buffer.concat([stderr, chunk.subarray(0, MAX_STDERR_BYTES - stderr.length)])
    onStderr(textOf(stderr))
  })
  let timer: NodeJS.Timeout | undefined
  child.once('error', reject)
  child.once('exit', (code) => {
    timer = setTimeout(() => resolve(code), CLOSE_DELAY_MS)
  })
  child.once('close', (code) => resolve(code))
  try {
    const exitCode = await promise
    return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: textOf(stderr) }
  } catch (error) {
    endGroup(child)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    running.delete(child)
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

export class OutputTooLarge extends Error {}

/** What still runs when this process ends. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) endGroup(child)
})

/** Without the word that the limit has cut: a part of a token would not be recognized as one. */
function textOf(stderr: Buffer): string {
  const text = stderr.toString()
  if (stderr.length < MAX_STDERR_BYTES) return text
  const lastBreak = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'), text.lastIndexOf('\t'))
  return `${text.slice(0, lastBreak + 1)}…`
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // It has ended.
  }
}
