import { readFileSync } from 'node:fs'

/** Whether a process runs; one that has ended may wait for its parent to notice. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
