// What a command takes: wall time and CPU by the `time` of bash, to the millisecond; memory by GNU time, where it is.
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Usage {
  /** Milliseconds. */
  readonly wall: number
  /** Milliseconds, in user and in system mode, of all processes that the command started. */
  readonly cpu: number
  /** MiB at the peak, of the largest of these processes; undefined without GNU time. */
  readonly memory: number | undefined
}

export interface Meter {
  /** Runs a command as its arguments, and measures it. */
  readonly through: readonly string[]
  /** Of the last command. */
  read(): Promise<Usage>
}

const isGnuTime = spawnSync('time', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') ?? false

export const unmeasured = isGnuTime ? undefined : 'Memory is not measured: that takes GNU time.'

// The measures go to a file, and what the command itself writes stays where it belongs.
const bashTime = `exec 3>&2; TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&3; } 2>"$0"`

export function createMeter(folder: string): Meter {
  const [times, peak] = [join(folder, 'times'), join(folder, 'peak')]
  const gnuTime = isGnuTime ? ['time', '--quiet', '--format=%M', `--output=${peak}`] : []
  return {
    through: ['bash', '-c', bashTime, times, ...gnuTime],
    async read() {
      const [wall = 0, user = 0, system = 0] = (await readFile(times, 'utf8')).trim().split(' ').map(Number)
      const memory = isGnuTime ? Number(await readFile(peak, 'utf8')) / 1024 : undefined
      return { wall: wall * 1000, cpu: (user + system) * 1000, memory }
    },
  }
}
