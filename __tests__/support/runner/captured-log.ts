import { vi } from 'vitest'
import { RunnerLog } from './log.ts'

export interface CapturedLog extends Disposable {
  /** As the runner reads it. */
  readonly log: RunnerLog
  /** As it was written. */
  readonly lines: readonly string[]
}

/** Catches what this process writes to its standard output, where the runner listens. */
export function captureLog(): CapturedLog {
  const log = new RunnerLog({ debug: true })
  const lines: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    for (const line of String(chunk).replace(/\n$/, '').split('\n')) {
      lines.push(line)
      log.add(line)
    }
    return true
  })
  return { log, lines, [Symbol.dispose]: () => write.mockRestore() }
}
