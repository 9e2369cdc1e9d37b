import { spawn } from 'node:child_process'
import { unlessAborted } from '../core/abort.ts'

/** A program that prints more is not the one that was meant. */
const MAX_OUTPUT_BYTES = 1024 * 1024

export interface ProgramResult {
  /** Null when a signal ended the program. */
  readonly exitCode: number | null
  readonly stdout: string
}

/**
 * Runs a program of the PATH without input; what it prints is not logged. It is killed, with the programs that it started, when
 * `signal` aborts or when it prints more than a megabyte. `@actions/exec` can do neither: it waits for ever.
 * @throws Error with the code of the system (`ENOENT`, `EACCES`), or the reason of the signal
 */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  signal: AbortSignal,
): Promise<ProgramResult> {
  const isGroup = process.platform !== 'win32'
  // A process group of its own: only so can what it started be killed with it.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: isGroup, windowsHide: true })
  const kill = () => {
    child.stdout.destroy()
    try {
      if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has ended.
    }
  }
  const ended = new Promise<ProgramResult>((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_OUTPUT_BYTES) reject(new Error('it printed more than 1 MiB'))
      else chunks.push(chunk)
    })
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout: Buffer.concat(chunks).toString() }))
  })
  try {
    return await unlessAborted(ended, signal)
  } catch (error) {
    kill()
    throw error
  }
}
