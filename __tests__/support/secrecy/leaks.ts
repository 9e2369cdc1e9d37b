// The search through everything that a step emits.
import { knownSecrets } from './known-secrets.ts'

/** Texts by where they are: `summary`, `a file it wrote: home/config`. */
export type Places = Readonly<Record<string, string>>

/** Outputs that are secrets, which the action masks: see the table of outputs in the README. */
const SECRET_OUTPUTS = ['token', 'docker-config-json']

/** What a step emitted, as it was before the runner masked it. */
export interface Emitted {
  readonly stdout: string
  readonly stderr: string
  /** By the file commands, in order: a value can be set again. */
  readonly outputs: readonly (readonly [name: string, value: string])[]
  /** Further places, which must not contain any secret. */
  readonly others: Places
}

/** @returns one sentence for each secret in each place */
export function findLeaks({ stdout, stderr, outputs, others }: Emitted): string[] {
  const places: Places = {
    stdout: stdout.replace(HIDDEN_COMMANDS, ''),
    stderr,
    outputs: outputs.flatMap(([name, value]) => (SECRET_OUTPUTS.includes(name) ? [] : [value])).join('\n'),
    ...others,
  }
  return Object.entries(places).flatMap(([place, text]) =>
    knownSecrets.find(text).map(({ form, origin, context }) => `${place}: ${form} of the ${origin}: …${context}…`),
  )
}

/** The runner does not show the line by which it learns of a secret, nor the value of an output. */
const HIDDEN_COMMANDS = new RegExp(`^::(add-mask|set-output name=(${SECRET_OUTPUTS.join('|')}))::.*$`, 'gm')

/** The text that Markdown shows: without its escapes, and without the characters of no width that break links. */
export function unescapeMarkdown(markdown: string): string {
  return markdown.replace(/\\(?=[!-/:-@[-`{-~])|\u200b/g, '')
}

export class SecretLeaked extends Error {
  constructor(leaks: readonly string[]) {
    super(`The step shows secrets:\n${leaks.slice(0, 20).join('\n')}`)
    this.name = 'SecretLeaked'
  }
}
