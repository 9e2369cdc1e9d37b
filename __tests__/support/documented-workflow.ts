// A workflow of the documentation, as a reader pastes it.
import { load } from 'js-yaml'

export interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
}

/** Ends a line that a reader changes. */
const MARK = /^([\s-]*([\w-]+): )(\S.*?)( +# your .*)$/gm

/** The names of the values that a reader changes, from top to bottom. */
export function markedNames(block: string): string[] {
  return [...block.matchAll(MARK)].map(([, , name = '']) => name)
}

/** Changes marked values, and nothing else. @throws Error when one is not marked */
export function withEdits(block: string, edits: Readonly<Record<string, string>>): string {
  const unknown = Object.keys(edits).filter((name) => !markedNames(block).includes(name))
  if (unknown.length > 0) throw new Error(`Not marked: ${unknown.join()}`)
  return block.replace(MARK, (_, start, name, value, mark) => `${start}${edits[name] ?? value}${mark}`)
}

/** The jobs of a block: a whole workflow, a part of a job, or a list of steps. */
export function jobOf(block: string): Job {
  const value = load(block)
  if (Array.isArray(value)) return { steps: value }
  const workflow = value as { readonly jobs?: Readonly<Record<string, Job>> } & Job
  const [job = workflow, ...more] = Object.values(workflow.jobs ?? {})
  if (more.length > 0) throw new Error('more than one job')
  return job
}

/** A text with its expressions evaluated. As on GitHub, what has no value is empty. */
export function evaluate(text: string, context: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name) => context[name] ?? '')
}

/** The inputs of a step, with the expressions evaluated. */
export function inputsOf(step: Step, context: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [name, evaluate(String(value), context)]),
  )
}

/** The variables and secrets that a block reads, as `secrets.NAME`. */
export function settingsOf(block: string): string[] {
  return [...block.matchAll(/\$\{\{ ((?:vars|secrets)\.\w+) \}\}/g)].map(([, name = '']) => name)
}
