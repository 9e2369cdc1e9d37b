// A workflow of the documentation, as a reader pastes it.
import { load } from 'js-yaml'

export interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

export interface Job {
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

/** The job of a block with steps of this action: a whole workflow, a part of a job, or a list of steps. */
export function jobOf(block: string): Job {
  const value = load(block)
  if (Array.isArray(value)) return { steps: value }
  const workflow = value as { readonly jobs?: Readonly<Record<string, Job>> } & Job
  const jobs = Object.values(workflow.jobs ?? { only: workflow })
  const [job, ...more] = jobs.filter(({ steps = [] }) => steps.some(isAction))
  if (job === undefined || more.length > 0) throw new Error('not one job with this action')
  return job
}

/** The steps of all jobs of a block. */
export function stepsOf(value: unknown): readonly Step[] {
  if (Array.isArray(value)) return value
  const workflow = value as { readonly jobs?: Readonly<Record<string, Job>> } & Job
  return workflow.steps ?? Object.values(workflow.jobs ?? {}).flatMap(({ steps = [] }) => steps)
}

/** Whether it is a step of this action. */
export function isAction({ uses = '' }: Step): boolean {
  return uses.startsWith('registry-pull-secret/registry-pull-secret@')
}

/**
 * A text with its expressions evaluated.
 * @param unknown the value of an expression that has none; as on GitHub, empty
 */
export function evaluate(text: string, context: Readonly<Record<string, string>>, unknown = ''): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name) => context[name] ?? unknown)
}

/** The inputs of a step, with the expressions evaluated. @param unknown see `evaluate` */
export function inputsOf(step: Step, context: Readonly<Record<string, string>>, unknown = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [name, evaluate(String(value), context, unknown)]),
  )
}

/** The variables and secrets that a block reads, as `secrets.NAME`. */
export function settingsOf(block: string): string[] {
  return [...block.matchAll(/\$\{\{ ((?:vars|secrets)\.\w+) \}\}/g)].map(([, name = '']) => name)
}
