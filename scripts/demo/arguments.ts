import { parseArgs } from 'node:util'
import { deploy } from './deploy.ts'
import type { Mode } from './mode.ts'
import { MODES } from './modes.ts'

export interface Arguments {
  readonly name: string
  readonly mode: Mode
  /** Its path. */
  readonly kubeconfig: string | undefined
}

/**
 * @returns undefined: the help is wanted
 * @throws Error about the arguments
 */
export function parseArguments(args: readonly string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { kubeconfig: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) return undefined
  const { kubeconfig } = values
  const [name = 'deploy', ...more] = positionals
  const mode = Object.hasOwn(MODES, name) ? MODES[name] : undefined
  if (mode === undefined) throw new Error(`unknown mode "${name}". Modes: ${Object.keys(MODES).join(', ')}`)
  if (more.length > 0) throw new Error(`only one mode at a time, not ${positionals.join(' and ')}`)
  if (kubeconfig !== undefined && mode !== deploy)
    throw new Error(`--kubeconfig cannot be combined with mode "${name}"`)
  return { name, mode, kubeconfig }
}
